import assert from "node:assert/strict";
import { test } from "node:test";
import { module } from "./transpiled.mjs";

const { Outbox } = await module("outbox");

const encode = (text) => Uint8Array.from(Buffer.from(text)).buffer;

class Port {
  sent = [];
  timers = [];
  encode = encode;
  send(message, bytes) {
    this.sent.push({ ...message, events: bytes === null ? null : JSON.parse(Buffer.from(bytes)) });
  }
  later(work, ms) {
    this.timers.push({ work, ms });
  }
  run() {
    for (const { work } of this.timers.splice(0)) work();
  }
  beat = () => [1, 2, 3, 4];
  numbers() {
    return this.sent.filter(({ type }) => type === "batch").flatMap(({ first, events }) => events.map((_, i) => first + i));
  }
}

function make(bound = 1e6) {
  const port = new Port();
  return { port, box: new Outbox("AGENT", port, bound) };
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const event = (n) => ({ kind: "mark", at: [1, 2, 3, 4], label: `${n}`.padStart(80, ".") });

test("numbers are consecutive from 1, over all batches", () => {
  const { port, box } = make();
  for (let n = 1; n <= 2500; n++) assert.equal(box.put(event(n)), n);
  box.flush();
  for (let n = 2501; n <= 2510; n++) box.put(event(n));
  assert.equal(box.flush(), 2511);
  assert.deepEqual(port.numbers(), range(1, 2510));
  for (const { first, events } of port.sent) events.forEach(({ label }, i) => assert.equal(Number(label.replaceAll(".", "")), first + i));
});

test("a flush comes by itself, once for many events", () => {
  const { port, box } = make();
  box.put(event(1));
  box.put(event(2));
  assert.equal(port.timers.length, 1);
  port.run();
  assert.deepEqual(port.numbers(), [1, 2]);
});

test("what is not acknowledged is sent again from where the host asks", () => {
  const { port, box } = make();
  for (const n of [1, 2, 3]) {
    box.put(event(n));
    box.flush();
  }
  box.acknowledge(1);
  port.sent = [];
  box.resend(2);
  assert.deepEqual(port.numbers(), [2, 3]);
});

test("what is acknowledged is forgotten", () => {
  const { port, box } = make();
  box.put(event(1));
  box.flush();
  box.acknowledge(1);
  port.sent = [];
  box.resend(1);
  assert.deepEqual(port.numbers(), []);
});

test("beyond the bound the oldest go, each is counted, and the state is asked for again", () => {
  const { port, box } = make(20_000);
  const told = [];
  box.onDrop = (...gone) => told.push(gone);
  for (let n = 1; n <= 1000; n++) {
    box.put(event(n));
    box.flush();
  }
  port.run();
  assert.deepEqual(told, [[1, box.dropped]]);
  const delivered = new Set(port.numbers());
  port.sent = [];
  box.acknowledge(box.next - 1);
  box.beat();
  const { dropped, next } = port.sent.at(-1);
  assert.equal(next, 1001);
  assert.ok(dropped.count > 500 && dropped.reason.length > 0);
  assert.ok(delivered.size >= 1000 - dropped.count);
});

test("without acknowledgements sending stops at the bound, and nothing grows", () => {
  const { port, box } = make(20_000);
  for (let n = 1; n <= 5000; n++) {
    box.put(event(n));
    if (n % 10 === 0) box.flush();
  }
  const bytes = port.sent.reduce((sum, { events }) => sum + JSON.stringify(events).length, 0);
  assert.ok(bytes < 2 * 20_000, `${bytes}`);
});

test("a flood between two flushes is bounded too", () => {
  const { port, box } = make(520_000);
  const told = [];
  box.onDrop = (...gone) => told.push(gone);
  for (let n = 1; n <= 50_000; n++) box.put(event(n));
  box.flush();
  assert.ok(box.dropped > 40_000);
  const numbers = port.numbers();
  assert.deepEqual(numbers, range(50_001 - numbers.length, 50_000));
  assert.equal(numbers.length + box.dropped, 50_000);
  port.run();
  assert.deepEqual(told, [[1, box.dropped]]);
});

/** A ring that several outboxes have one after the other: places for numbers, `own` ones and those of hooks in C. */
class Ring {
  next = 1;
  first = 1;
  lost = 0;
  roomy = false;
  released = 0;
  places = new Map();
  claim() {
    this.places.set(this.next, "own");
    return this.next++;
  }
  hook() {
    this.places.set(this.next, JSON.stringify({ kind: "hook", label: `${this.next}` }));
    return this.next++;
  }
  stuck() {
    return this.next++;
  }
  drop() {
    this.lost++;
  }
  release() {
    this.released++;
  }
  begin() {
    this.next = this.first = 1;
    this.places.clear();
  }
  drain() {
    const { first } = this;
    const texts = [];
    let own = 0;
    for (let place; (place = this.places.get(this.first)) !== undefined && texts.length + own < 10; this.first++) {
      if (place === "own") own++;
      else if (own > 0) break;
      else texts.push(place);
    }
    return { first, count: texts.length, bytes: encode(texts.join(",")), own, more: this.places.has(this.first) };
  }
}

test("a flush that was due when a recording ended takes nothing from the next one, which has the ring", () => {
  const [before, after] = [make(), make()];
  const ring = (before.box.ring = new Ring());
  before.box.put(event(1));
  ring.hook();
  assert.equal(before.box.leaveRing(), 3);
  assert.deepEqual([before.box.first, before.box.next], [1, 3]);
  ring.begin();
  after.box.ring = ring;
  for (const n of [1, 2, 3]) assert.equal(after.box.put(event(n)), n);
  before.port.run();
  assert.deepEqual(before.port.numbers(), [1, 2]);
  after.box.flush();
  assert.deepEqual(after.port.numbers(), [1, 2, 3]);
});

test("the last flush takes all that the ring has, however much, up to a call that never came back", () => {
  const { port, box } = make();
  const ring = (box.ring = new Ring());
  for (let n = 1; n <= 1500; n++) ring.hook();
  assert.equal(ring.stuck(), 1501);
  assert.equal(box.put(event(1502)), 1502);
  assert.equal(box.leaveRing(), 1503);
  assert.deepEqual(port.numbers(), range(1, 1500));
  box.acknowledge(1502);
  assert.deepEqual([box.first, box.next], [1503, 1503]);
  assert.equal(box.put(event(1503)), 1503);
});

for (const withRing of [false, true]) {
  test(`the script's events are placed where the host has said where it puts events; ring: ${withRing}`, () => {
    const { port, box } = make();
    const ring = new Ring();
    if (withRing) box.ring = ring;
    const place = { segment: 2, shift: 10, since: 1 };
    box.put(event(1));
    box.flush();
    box.acknowledge(1, place);
    box.put(event(2));
    box.flush();
    box.put({ kind: "stack", at: [1, 2, 3, 4], tid: null, id: 1, frames: [] });
    box.flush();
    const [before, after, stack] = port.sent.map(({ events }) => events);
    assert.equal(before[0].segment, undefined);
    assert.deepEqual(after[0], [2, 10, 1, 1]);
    assert.deepEqual([after[1].segment, after[1].seq, after[1].at], [2, 12, undefined]);
    assert.deepEqual(stack.map(({ kind, segment }) => [kind, segment]), [["stack", undefined]]);
  });
}

test("the script's events and those of C with the same place come in one batch", () => {
  const { port, box } = make();
  const ring = (box.ring = new Ring());
  const drain = ring.drain.bind(ring);
  ring.drain = (place) => ({ ...drain(), placed: place !== null });
  box.acknowledge(0, { segment: 2, shift: 10, since: 1 });
  ring.hook();
  box.put(event(2));
  ring.hook();
  box.flush();
  assert.deepEqual(port.sent.map(({ first, events }) => [first, events.length, events[0]]), [[1, 4, [2, 10, 1, 3]]]);
});

/** An outbox of 200,000 bytes whose roomy ring has 20,000 events, about 30 bytes each. */
function waiting() {
  const { port, box } = make(200_000);
  const ring = (box.ring = new Ring());
  ring.roomy = true;
  box.onFull = () => true;
  for (let n = 1; n <= 20_000; n++) ring.hook();
  box.flush();
  for (let n = 0; n !== 50; n++) port.run();
  return { port, box, ring };
}

const lastBeat = (port) => port.sent.findLast(({ type }) => type === "beat");

test("events wait in a roomy ring while the outbox is full, and go on with each acknowledgement", () => {
  const { port, box, ring } = waiting();
  for (let at = 0, before; at !== 20_000; ) {
    [before, at] = [at, port.numbers().length];
    assert.ok(at > before && at - before < 10_000, `${at}`);
    box.beat();
    assert.equal(lastBeat(port).next, at + 1, "what waits was announced, and the host would ask for it");
    assert.equal(lastBeat(port).waiting ?? 0, 20_000 - at, "what waits was not counted, and the host could not say that it is lost");
    box.acknowledge(at);
    for (let n = 0; n !== 50; n++) port.run();
  }
  assert.deepEqual(port.numbers(), range(1, 20_000));
  assert.deepEqual([box.dropped, box.first, ring.released], [0, 20_001, 0]);
});

test("at the end of the process what still waits is announced, so that it counts as lost", () => {
  const { port, box } = waiting();
  box.beat(true);
  assert.equal(lastBeat(port).next, 20_001);
  assert.equal(lastBeat(port).waiting, undefined);
});

test("a recording that ends while events wait keeps the ring until it has sent them", () => {
  const { port, box, ring } = waiting();
  assert.equal(box.leaveRing(), 20_001);
  for (let at = 0; at !== 20_000; ) {
    assert.equal(ring.released, 0);
    assert.ok(box.first !== box.next);
    assert.ok(port.numbers().at(-1) > at);
    at = port.numbers().at(-1);
    box.acknowledge(at);
    box.flush();
  }
  assert.deepEqual([ring.released, box.ring, box.first, box.next, box.dropped], [1, null, 20_001, 20_001, 0]);
  assert.deepEqual(port.numbers(), range(1, 20_000));
});

test("where events may not wait, the oldest go, as without a roomy ring", () => {
  const { port, box, ring } = waiting();
  box.onFull = () => false;
  box.flush();
  for (let n = 0; n !== 50; n++) port.run();
  assert.equal(ring.first, 20_001);
  assert.ok(box.dropped > 8000);
});

test("the script's own events are bounded while events wait before them", () => {
  const { box, ring } = waiting();
  let kept = 0;
  for (let n = 0; n !== 2000; n++) kept += box.put(event(n)) > 0;
  assert.ok(kept > 500 && kept < 1000, `${kept}`);
  assert.equal(ring.lost, 2000 - kept);
});
