// What the field kit does in an app with its own library: an observer that does nothing, a query, one read, each when told.
// Everything is let go of again with the script.

const READ_WRITE_IMAGE = 1; // PHAssetMediaTypeImage. Source: PhotosTypes.h.
const BLOCK_IS_GLOBAL = 1 << 28, BLOCK_HAS_SIGNATURE = 1 << 30; // Source: the block ABI, Block_private.h.

// Nothing of this script may be left in the app's hands: the agent hooks what is registered, and would take its hook out
// of memory that has gone. So the observer's method and the handler's code are a method of the system's that reads its
// receiver's class, compares, and is done.
const HARMLESS = 'isMemberOfClass:';

const heard = { deliveries: [], detailsMs: [], fault: null };
let asksForDetails = false;
let observer = null, fetched = null, asset = null;

// Register an observer of our own, if none is registered yet; the times before and after.
rpc.exports.register = () => timed(() => {
  if (observer !== null) return;
  observer = send_('pointer', send_('pointer', observerClass(), 'alloc'), 'init');
  send_('void', library(), 'registerChangeObserver:', observer);
});

// Query all images, as apps do; the result and its first asset are kept.
rpc.exports.fetch = () => timed(fetch);

// The same where nothing was fetched yet: after an interruption.
rpc.exports.fetchOnce = () => timed(() => { if (fetched === null) fetch(); });

function fetch() {
  const result = send_('pointer', needClass('PHAsset'), 'fetchAssetsWithMediaType:options:', ptr(READ_WRITE_IMAGE), NULL);
  if (result.isNull()) throw new Error('the query answered nothing');
  fetched = send_('pointer', result, 'retain');
  const first = send_('pointer', result, 'firstObject');
  asset = first.isNull() ? null : send_('pointer', first, 'retain');
}

// Ask for the bytes of the asset that the query has found.
rpc.exports.read = () => timed(() => {
  if (asset === null) throw new Error('the library has no image');
  const manager = send_('pointer', needClass('PHImageManager'), 'defaultManager');
  send_('int', manager, 'requestImageDataAndOrientationForAsset:options:resultHandler:', asset, NULL, readHandler());
});

// From now on, in each callback, ask what changed in the result that was fetched.
rpc.exports.details = on => { asksForDetails = on; };

rpc.exports.heard = () => heard;

rpc.exports.clock = nowMs;

rpc.exports.dispose = () => {
  if (observer === null) return;
  pooled(() => send_('void', library(), 'unregisterChangeObserver:', observer));
  observer = null;
};

function nowMs() {
  const spec = Memory.alloc(16);
  new NativeFunction(Module.getGlobalExportByName('clock_gettime'), 'int', ['int', 'pointer'])(0, spec);
  return spec.readU64().toNumber() * 1000 + spec.add(8).readU64().toNumber() / 1e6;
}

function timed(work) {
  return pooled(() => {
    const beganMs = nowMs();
    work();
    return { beganMs, endedMs: nowMs() };
  });
}

function needClass(name) {
  const found = classOf(name);
  if (found === null) throw new Error(`this process has no class ${name}`);
  return found;
}

function library() {
  return send_('pointer', needClass('PHPhotoLibrary'), 'sharedPhotoLibrary');
}

function harmlessCode() {
  return native('class_getMethodImplementation', 'pointer', ['pointer', 'pointer'])(needClass('NSObject'), selector(HARMLESS));
}

// A class of our own: a name for each script, because a class cannot be taken back.
function observerClass() {
  const name = Memory.allocUtf8String(`LightleakFieldObserver${Date.now()}`);
  const cls = native('objc_allocateClassPair', 'pointer', ['pointer', 'pointer', 'size_t'])(needClass('NSObject'), name, 0);
  const code = harmlessCode();
  native('class_addMethod', 'bool', ['pointer', 'pointer', 'pointer', 'pointer'])(
    cls, selector('photoLibraryDidChange:'), code, Memory.allocUtf8String('v24@0:8@16'));
  native('objc_registerClassPair', 'void', ['pointer'])(cls);
  Interceptor.attach(code.strip(), { onEnter(args) { if (observer !== null && args[0].equals(observer)) onChange(args[2]); } });
  Interceptor.flush();
  return cls;
}

function onChange(change) {
  heard.deliveries.push(nowMs());
  if (!asksForDetails || fetched === null) return;
  heard.detailsMs.push(nowMs());
  try {
    send_('pointer', change, 'changeDetailsForFetchResult:', fetched);
  } catch (problem) {
    heard.fault = String(problem.message ?? problem);
  }
}

// A block without captures: isa, flags, code, descriptor. The code pointer is signed for its place on arm64e.
function readHandler() {
  const signature = lasting(32).writeUtf8String('v36@?0@8@16I24@28');
  const descriptor = lasting(24), block = lasting(32);
  descriptor.writeU64(0).add(8).writeU64(32).add(8).writePointer(signature);
  block.writePointer(Module.getGlobalExportByName('_NSConcreteGlobalBlock'));
  block.add(8).writeS32(BLOCK_IS_GLOBAL | BLOCK_HAS_SIGNATURE);
  block.add(16).writePointer(harmlessCode().strip().sign('ia', block.add(16)));
  block.add(24).writePointer(descriptor);
  return block;
}

// A request may hold its handler for longer than this script lives.
function lasting(size) {
  return new NativeFunction(Module.getGlobalExportByName('malloc'), 'pointer', ['size_t'])(size);
}
