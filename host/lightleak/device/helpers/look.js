// What the doctor and the field kit look at, in Frida's own process and in an app. Reads; the one hook is its own, for a moment.

// Who this process is and what lies around it: for Frida's own process, which may look everywhere.
rpc.exports.ground = (markers, folder) => ({
  frida: Frida.version,
  platform: Process.platform,
  arch: Process.arch,
  uid: new NativeFunction(Module.getGlobalExportByName('getuid'), 'uint32', [])(),
  present: markers.filter(isThere),
  freeBytes: freeBytes(folder)
});

// Unix time of the wall clock as this process's own C library tells it, ms.
rpc.exports.clock = () => {
  const spec = Memory.alloc(16);
  new NativeFunction(Module.getGlobalExportByName('clock_gettime'), 'int', ['int', 'pointer'])(0, spec);
  return spec.readU64().toNumber() * 1000 + spec.add(8).readU64().toNumber() / 1e6;
};

// What the app is allowed, and whether its accesses are noted for the report. Asking makes no entry and no prompt.
rpc.exports.app = () => ({
  frida: Frida.version,
  objc: runtime !== null,
  permission: runtime === null ? null : pooled(permission),
  recording: runtime === null ? null : pooled(recording)
});

// Whether functions can be hooked and C be compiled here: a reason where not.
rpc.exports.selftest = () => ({ hook: reasonOf(hookOnce), compiler: reasonOf(compileOnce) });

// Which of these classes this process has, and which ivars and methods they have of their own.
rpc.exports.shapes = names => Object.fromEntries(names.map(name => [name, shapeOf(name)]));

function isThere(path) {
  return new NativeFunction(Module.getGlobalExportByName('access'), 'int', ['pointer', 'int'])(Memory.allocUtf8String(path), 0) === 0;
}

// struct statvfs: fragment size, then blocks, free, available. Source: <sys/statvfs.h> of Darwin (32-bit counts) and of glibc.
function freeBytes(folder) {
  const statvfs = Module.findGlobalExportByName('statvfs');
  const result = Memory.alloc(256);
  if (statvfs === null || new NativeFunction(statvfs, 'int', ['pointer', 'pointer'])(Memory.allocUtf8String(folder), result) !== 0) return null;
  const available = Process.platform === 'darwin' ? result.add(24).readU32() : result.add(32).readU64().toNumber();
  return available * result.add(8).readU64().toNumber();
}

// Source: PHPhotoLibrary.h; access level 2 is read-write. Before iOS 14 there is one level.
function permission() {
  const library = classOf('PHPhotoLibrary');
  if (library === null) return null;
  const byLevel = respondsTo(library, 'authorizationStatusForAccessLevel:');
  const status = byLevel
    ? send_('int64', library, 'authorizationStatusForAccessLevel:', ptr(2))
    : send_('int64', library, 'authorizationStatus');
  return ['not-determined', 'restricted', 'denied', 'authorized', 'limited'][status.toNumber()] ?? null;
}

// Source: class dump of PrivacyAccounting, 15.6 to 18.
function recording() {
  const logger = classOf('PAAccessLogger');
  if (logger === null || !respondsTo(logger, 'sharedInstance')) return null;
  const shared = send_('pointer', logger, 'sharedInstance');
  return respondsTo(shared, 'loggingEnabled') ? send_('bool', shared, 'loggingEnabled') !== 0 : null;
}

function reasonOf(attempt) {
  try {
    return attempt();
  } catch (problem) {
    return String(problem.message ?? problem);
  }
}

// A function of the system's, hooked, called and let go of again.
function hookOnce() {
  const address = Module.getGlobalExportByName('inet_addr');
  const own = Process.getCurrentThreadId();
  let seen = 0;
  const listener = Interceptor.attach(address, { onEnter() { if (this.threadId === own) seen++; } });
  Interceptor.flush();
  try {
    new NativeFunction(address, 'uint32', ['pointer'])(Memory.allocUtf8String('127.0.0.1'));
  } finally {
    listener.detach();
    Interceptor.flush();
  }
  return seen === 1 ? null : `a hooked function was called once and seen ${seen} times`;
}

function compileOnce() {
  const module = new CModule('int answer (void) { return 42; }');
  const answer = new NativeFunction(module.answer, 'int', [])();
  module.dispose();
  return answer === 42 ? null : `compiled code answered ${answer}`;
}

function shapeOf(name) {
  const cls = classOf(name);
  if (cls === null) return null;
  return {
    ivars: namesOf('class_copyIvarList', 'ivar_getName', cls),
    methods: namesOf('class_copyMethodList', 'method_getName', cls, 'sel_getName')
  };
}

function namesOf(copy, getName, cls, toText) {
  const counter = Memory.alloc(8);
  const list = native(copy, 'pointer', ['pointer', 'pointer'])(cls, counter);
  if (list.isNull()) return [];
  const read = native(getName, 'pointer', ['pointer']);
  const text = toText === undefined ? name => name : native(toText, 'pointer', ['pointer']);
  const names = [];
  for (let i = 0; i !== counter.readU32(); i++) names.push(text(read(list.add(i * Process.pointerSize).readPointer())).readUtf8String());
  new NativeFunction(Module.getGlobalExportByName('free'), 'void', ['pointer'])(list);
  return names;
}
