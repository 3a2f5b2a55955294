// A stand-in for the agent: it speaks the protocol, stays in the process when it is told to (ADR 0040), and makes
// events up on request. It hooks nothing. Real Frida loads it into a real process; only the agent is not the real one.
'use strict';

const sym = (name, result, args) => new NativeFunction(Module.getGlobalExportByName(name), result, args);
const getenv = sym('getenv', 'pointer', ['pointer']);
const setenv = sym('setenv', 'int', ['pointer', 'pointer', 'int']);
const strlen = sym('strlen', 'int', ['pointer']);
const clockGettime = sym('clock_gettime', 'int', ['int', 'pointer']);
// The real agent finds its resident through the Objective-C runtime; `sleep` has none, and no second thread either.
const DOOR = Memory.allocUtf8String('LIGHTLEAK_FAKE_RESIDENT');

function clock() {
  const spec = Memory.alloc(16);
  const read = (id) => {
    clockGettime(id, spec);
    return [spec.readS64().toNumber(), spec.add(8).readS64().toNumber()];
  };
  return [...read(0), ...read(7)];
}

function name() {
  const hex = (n) => Array.from({ length: n }, () => Math.floor(Math.random() * 16).toString(16)).join('');
  return `${hex(8)}-0000-4000-8000-${hex(12)}`;
}

const AT = /"at":\[(\d+),(\d+),(\d+),(\d+)\]/;
const ns = (s, rest) => s + rest.padStart(9, '0');

/** Return a batch as lines of the file, as the real agent places it; null where one names another event, or without a place. */
function placed(events, first, place) {
  if (!place || events.some((text) => /"(cause|of|resumed_by)":\d|"kind":"stack"/.test(text))) return null;
  const { segment, shift, since } = place;
  const lines = events.map((text, i) => text.replace(AT, (_, ...at) =>
    `"segment":${segment},"seq":${first + i + shift},"wall_ns":${ns(at[0], at[1])},"mono_ns":${ns(at[2], at[3])}`));
  return `[[${segment},${shift},${since},${events.length}],${lines.join(',')}]`;
}

class Core {
  constructor() {
    this.agent = name();
    this.box = [];
    this.first = 1;
    this.next = 1;
    this.dropped = 0;
    this.bound = 50000;
    this.started = false;
    this.holder = null;
    this.token = 0;
    this.shift = 0;
    this.ahead = 0;
    this.beats = [];
    this.serial = 0;
    this.saved = 0;
    this.sent = {};
    this.place = null;
  }
  at() {
    const at = clock();
    return [at[0] + this.shift + this.ahead, at[1], at[2] + this.ahead, at[3]];
  }
  put(event) {
    this.box.push(JSON.stringify({ kind: event.kind, at: this.at(), tid: Process.getCurrentThreadId(), ...event }));
    this.next++;
    const extra = this.box.length - this.bound;
    if (extra > 0) this.forget(this.first + extra - 1, true);
  }
  forget(n, dropping) {
    const count = Math.min(this.box.length, Math.max(0, n - this.first + 1));
    const gone = this.box.splice(0, count);
    // How far the host has said that it has it all: the serial of the last event that was let go of.
    for (let i = gone.length - 1; i >= 0 && !dropping; i--) {
      const { serial } = JSON.parse(gone[i]);
      if (serial !== undefined) { this.saved = serial; break; }
    }
    this.first += count;
    if (dropping) this.dropped += count;
  }
  describe({ client }) {
    const held = this.holder !== null && Date.now() - this.holder.seen < 3000;
    const busy = client !== undefined && held && this.holder.client !== client;
    if (client !== undefined && !busy) {
      this.holder = { client, token: ++this.token, seen: Date.now() };
      // Stopped, and nothing left to tell: a new row begins.
      if (!this.started && this.box.length === 0 && this.next > 1) {
        [this.agent, this.first, this.next] = [name(), 1, 1];
      }
    }
    const { agent, started, first, next } = this;
    return { agent, started, first, next, busy, token: busy ? 0 : this.token };
  }
  release(token) {
    if (token === this.token) this.holder = null;
  }
  start() {
    if (this.started) throw new Error('the agent has been started already');
    this.started = true;
    const me = { pid: Process.id, name: 'sleep', identifier: 'com.example.fake', role: 'app', reason: null };
    this.put({ kind: 'process', phase: 'attached', ...me });
    this.put({ kind: 'hook', probe: 'fetch', symbol: '-[PHQuery executeQuery]', status: 'installed', reason: null });
    this.put({ kind: 'hook', probe: 'none', symbol: '-[PHNone none]', status: 'skipped', reason: 'no such class' });
    this.put({ kind: 'state', value: 'active' });
    this.put({ kind: 'process', phase: 'ready', ...me });
    return { installed: 1, skipped: 1 };
  }
  stop() {
    this.started = false;
    this.put({ kind: 'hook', probe: 'fetch', symbol: '-[PHQuery executeQuery]', status: 'removed', reason: null });
    return this.next;
  }
  acknowledge(n, place) {
    this.place = place || this.place;
    this.forget(n, false);
  }
  pull(token, from, max) {
    if (token !== 0 && token !== this.token) return { gone: true };
    if (this.holder !== null) this.holder.seen = Date.now();
    const first = Math.max(from, this.first);
    const events = this.box.slice(first - this.first, first - this.first + max);
    if (events.length === 0) return { count: 0 };
    const text = Memory.allocUtf8String(placed(events, first, this.place) || '[' + events.join(',') + ']');
    this.sent[token] = text;
    return { count: events.length, first, at: text.toString(), bytes: strlen(text) };
  }
  beat() {
    return { at: this.at(), next: this.next, dropped: { count: this.dropped, reason: this.dropped ? 'the outbox was full' : '' } };
  }
  emit(count, event) {
    for (let i = 0; i !== count; i++) this.put({ kind: 'access', depth: 'metadata', symbol: '+[PHAsset fetch]', ...event });
    return this.next;
  }
  flood(count, event) {
    // One reading of the clocks for all: what is measured is the way, not the making.
    const text = JSON.stringify({ kind: 'access', at: this.at(), tid: 1, depth: 'metadata', ...event });
    for (let i = 0; i !== count; i++) this.box.push(text);
    this.next += count;
    const extra = this.box.length - this.bound;
    if (extra > 0) this.forget(this.first + extra - 1, true);
    return this.next;
  }
  // What an app does goes on when nobody watches it; what nobody watches has no serial.
  every(ms, count) {
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      if (!this.started) return;
      for (let i = 0; i !== count; i++) this.emit(1, { serial: ++this.serial });
    }, ms);
  }
  steady(ms, count, event) {
    clearInterval(this.timer);
    this.timer = setInterval(() => {
      if (!this.started) return;
      for (let i = 0; i !== count; i++) this.emit(1, { ...event, tid: 259 + (this.next % 3), noise: Math.random() });
    }, ms);
  }
  still() { clearInterval(this.timer); }
  /** Let `seconds` pass at once, on both clocks: in each of them a beat, and `count` events. */
  pass(seconds, count) {
    for (let s = 0; s !== seconds; s++) {
      this.ahead++;
      this.emit(count, { asset: `${this.next}`, detail: { mediaType: s % 3 } });
      this.beats.push(this.beat());
    }
    return this.next;
  }
  passed() { return this.beats.splice(0, 1000); }
  state() {
    const { first, next, serial, saved, dropped, ahead } = this;
    const held = this.holder !== null && Date.now() - this.holder.seen < 3000;
    return { first, next, serial, saved, dropped, ahead, held };
  }
  set(values) { Object.assign(this, values); }
}

let core = null;
const carrier = Math.random().toString(36).slice(2);

function openDoor(resident) {
  const replies = {};
  const call = new NativeCallback((request) => {
    const { carrier, name, args } = JSON.parse(request.readUtf8String());
    const answer = resident[name](...args);
    // Several carriers may be reading at once; none's answer may go away under it.
    replies[carrier] = Memory.allocUtf8String(JSON.stringify(answer === undefined ? null : answer));
    return replies[carrier];
  }, 'pointer', ['pointer']);
  resident.call = call;
  setenv(DOOR, Memory.allocUtf8String(`${Process.id}:${call}`), 1);
}

function findResident() {
  const value = getenv(DOOR);
  if (value.isNull()) return null;
  const [pid, address] = value.readUtf8String().split(':');
  if (Number(pid) !== Process.id) return null;
  const call = new NativeFunction(ptr(address), 'pointer', ['pointer']);
  return new Proxy({}, {
    get: (_, name) => (...args) => {
      const request = Memory.allocUtf8String(JSON.stringify({ carrier, name, args }));
      const reply = call(request);
      return JSON.parse(reply.readUtf8String());
    },
  });
}

let cursor = 0;
let token = 0;
let agent = '';
let lie = '';
let always = false;
let late = null;

/** What the next placed batch says that is not true, or how else it does not come as it should; once or always. */
const LIES = {
  count: (text) => text.replace(/^(\[\[.*?,.*?,.*?,)(\d+)/, (_, head, count) => head + (Number(count) + 1)),
  segment: (text) => text.replace(/^\[\[(\d+)/, (_, segment) => `[[${Number(segment) + 1}`),
  shift: (text) => text.replace(/^(\[\[\d+,)(-?\d+)/, (_, head, shift) => head + (Number(shift) + 1)),
  number: (text) => text.replace(/"seq":(\d+)/, (_, seq) => `"seq":${Number(seq) + 1}`),
  json: (text) => text.replace('"tid":', 'tid:'),
  cut: (text) => text.slice(0, -10),
};

function deliver(first, text) {
  const memory = Memory.allocUtf8String(text);
  send({ type: 'batch', agent, first }, memory.readByteArray(strlen(memory)));
}

/** Send a batch; one that is placed as `lie` says. */
function sendBatch(first, text) {
  const what = text.startsWith('[[') ? lie : '';
  if (what !== '' && !always) lie = '';
  if (what === 'late') { late = [first, text]; return; }
  deliver(first, what in LIES ? LIES[what](text) : text);
  if (what === 'twice') deliver(first, text);
  if (late !== null) { deliver(...late); late = null; }
}

function carry() {
  if (cursor === 0) return;
  for (;;) {
    const pulled = core.pull(token, cursor, 1000);
    if (pulled.gone) cursor = 0;
    if (pulled.gone || pulled.count === 0) break;
    if (lie === '' && late === null) send({ type: 'batch', agent, first: pulled.first }, ptr(pulled.at).readByteArray(pulled.bytes));
    else sendBatch(pulled.first, ptr(pulled.at).readUtf8String(pulled.bytes));
    cursor = pulled.first + pulled.count;
  }
  for (const beat of cursor === 0 ? [] : core.passed()) send({ type: 'beat', agent, ...beat });
}

rpc.exports = {
  describe(asked) {
    const found = RESIDENCY ? findResident() : null;
    if (found === null && core === null) core = new Core();
    if (found !== null) core = found;
    const { agent: uuid, started, first, next, busy, token: mine } = core.describe(asked);
    [agent, token] = [uuid, mine];
    return {
      protocol: 2, agent, version: '0.0.0', pid: Process.id, process: 'sleep', identifier: 'com.example.fake',
      bundleName: 'Fake', bundleVersion: '1.2', bridge: false, platform: Process.platform, arch: Process.arch,
      osVersion: '17.4', model: 'Fake1,1', timeZone: 'Asia/Shanghai', at: clock(),
      resident: RESIDENCY ? found !== null : null, busy, started, first, next,
    };
  },
  reside() {
    core = new Core();
    openDoor(core);
    core.seconds = setInterval(() => 0, 1000);
  },
  start(options) {
    const answer = core.start(options);
    cursor = Math.max(1, core.describe({}).first);
    carry();
    return answer;
  },
  stop() { const next = core.stop(); carry(); return next; },
  flush() { carry(); return core.beat().next; },
  acknowledge(n, place) { core.acknowledge(n, place); },
  resend(n) { cursor = n; carry(); },
  clock() { return core.beat().at; },
  probe() { return [{ probe: 'fetch', symbol: '-[PHQuery executeQuery]', depth: 'metadata', required: true, ios_since: 8, ios_deprecated: null, status: 'skipped', reason: 'no bridge' }]; },
  symbolicate(addresses) { return addresses.map((address) => ({ address, image: 'sleep', uuid: null, offset: 0, symbol: null })); },
  emit(count, event) { const next = core.emit(count, event || {}); carry(); return next; },
  flood(count, event) { return core.flood(count, event || {}); },
  every(ms, count) { core.every(ms, count); },
  steady(ms, count, event) { core.steady(ms, count, event); },
  still() { core.still(); },
  pass(seconds, count) { return core.pass(seconds, count); },
  state() { return core.state(); },
  set(values) { core.set(values); },
  lie(what, ever) { [lie, always] = [what, ever === true]; },
  fail() { throw new Error('the fake agent was told to fail'); },
  dispose() {
    if (cursor !== 0) {
      carry();
      send({ type: 'beat', agent, ...core.beat(), final: true });
    }
    if (core !== null) core.release(token);
  },
};

setInterval(carry, 20);
setInterval(() => { if (cursor !== 0) send({ type: 'beat', agent, ...core.beat() }); }, 1000);
