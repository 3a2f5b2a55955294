// The few functions of Objective-C's runtime that the scripts beside the agent need. Put in front of each of them.
// Nothing is hooked here, and nothing stays.

const runtime = Process.findModuleByName('libobjc.A.dylib');

function native(name, result, args) {
  return new NativeFunction(runtime.getExportByName(name), result, args);
}

const lookUpClass = runtime && native('objc_lookUpClass', 'pointer', ['pointer']);
const registerName = runtime && native('sel_registerName', 'pointer', ['pointer']);
const senders = new Map();

function selector(name) {
  return registerName(Memory.allocUtf8String(name));
}

// The class of that name, or null where this process has none.
function classOf(name) {
  const found = runtime === null ? NULL : lookUpClass(Memory.allocUtf8String(name));
  return found.isNull() ? null : found;
}

// Send a message whose arguments are pointers or whole numbers; `result` is a NativeFunction's type.
function send_(result, object, name, ...values) {
  const key = `${result} ${values.length}`;
  if (!senders.has(key)) {
    senders.set(key, native('objc_msgSend', result, ['pointer', 'pointer', ...values.map(() => 'pointer')]));
  }
  return senders.get(key)(object, selector(name), ...values);
}

function respondsTo(object, name) {
  return send_('bool', object, 'respondsToSelector:', selector(name)) !== 0;
}

// Frida's threads have no autorelease pool of their own.
function pooled(work) {
  const pool = send_('pointer', send_('pointer', classOf('NSAutoreleasePool'), 'alloc'), 'init');
  try {
    return work();
  } finally {
    send_('void', pool, 'release');
  }
}
