// Transport numbers, batches, acknowledgement, bound: the only caller of send().
// Nothing here depends on Frida: the port and the clock are passed in.
import { toJsonItems, toPlacedItems } from "./event_json.js";
import type { Beat, Message, Place, Wire } from "./protocol.js";

export const FLUSH_MS = 50;
export const FLUSH_EVENTS = 1000;
const EVENT_BYTES = 260; // estimate for an event until it is text
const FULL_SHARE = 0.75; // of the bound: room for one more piece
const MOST_PIECES = 40; // drained from a ring in one flush: it may fill as fast as it is read

// In ASCII.
const COMMA = 0x2c;
const CLOSE = 0x5d;

const FULL = "the host did not take events in time, and the agent's memory for them was full";

export interface Port {
  send(message: Message, bytes: ArrayBuffer | null): void;
  /** Return a text as UTF-8. */
  encode(text: string): ArrayBuffer;
  later(work: () => void, ms: number): void;
  beat(): Beat["at"];
}

/** Where events of hooks in C wait, in one sequence with the script's own: it numbers all of them. */
export interface Ring {
  /** The number that the next event will have. */
  readonly next: number;
  /** The number of the oldest event in it. */
  readonly first: number;
  /** How many events found no room. Their numbers are a gap in the sequence. */
  readonly lost: number;
  /** Whether it has room for a burst: then events wait in it while the outbox is full. */
  readonly roomy: boolean;
  /** Return a number for an event of the script; 0 where the ring is full. */
  claim(): number;
  /** Count an event that found no room. */
  drop(): void;
  /** Remove the next events: `count` as JSON without brackets, in UTF-8, from number `first` on, then `own` of the script's. */
  drain(place: Place | null): Piece;
  /** No recording has it any more. */
  release(): void;
}

export interface Piece {
  first: number;
  count: number;
  bytes: ArrayBuffer;
  /** Whether they have the place that was given. */
  placed: boolean;
  own: number;
  more: boolean;
}

interface Batch {
  first: number;
  count: number;
  /** A JSON array. They stay bytes on all of their way: a conversion costs as much as the drain. */
  bytes: ArrayBuffer;
  sent: boolean;
}

export class Outbox {
  dropped = 0;
  ring: Ring | null = null;
  /** Called after events were dropped, outside of any hook, with the numbers of the first and the last of them. */
  onDrop: (from: number, to: number) => void = () => undefined;
  /** Called before pending events are packed: events that were postponed can be put now. */
  onFlush: () => void = () => undefined;
  /** Called where a roomy ring has events and the outbox is full: whether they wait there. If not, the oldest here go. */
  onFull: () => boolean = () => false;
  /** Called with every batch as it is made. */
  onPack: (first: number, count: number, bytes: ArrayBuffer) => void = () => undefined;

  private numbered = 1;
  private pending: Wire[] = [];
  private place: Place | null = null;
  private pieces: { first: number; count: number; parts: ArrayBuffer[]; place: Place | null } = { first: 0, count: 0, parts: [], place: null };
  private batches: Batch[] = [];
  private bytes = 0; // of the batches
  private inFlight = 0; // bytes sent and not acknowledged, dropped or not
  private ringLost = 0;
  private armed = false;
  private holding = false;
  private leaving = false;
  private announcing = false;
  private gone: [from: number, to: number] = [Infinity, 0];

  constructor(
    private readonly agent: string,
    private readonly port: Port,
    public bound: number,
  ) {}

  /** The number that the next event will have. */
  get next(): number {
    return this.ring?.next ?? this.numbered;
  }

  /** The number of the oldest event that is kept; `next` where the outbox is empty. */
  get first(): number {
    return this.batches[0]?.first ?? this.ring?.first ?? this.numbered - this.pending.length;
  }

  /** Add an event; returns its transport number, 0 where the ring is full. */
  put(event: Wire): number {
    if (this.ring !== null) return this.putInRing(this.ring, event);
    this.pending.push(event);
    const count = this.pending.length;
    if (count === 1) this.arm(FLUSH_MS);
    else if (count % FLUSH_EVENTS === 0) {
      this.arm(0);
      if (count * EVENT_BYTES > this.bound) this.dropPending();
    }
    return this.numbered++;
  }

  /** Pack pending events into batches and send what may be sent; returns the next number. */
  flush(): number {
    this.armed = false;
    this.onFlush();
    if (this.ring !== null) {
      this.collect(this.ring);
      const { next } = this;
      this.onFlush(); // what was collected may refer to stacks that were not sent yet
      if (this.next !== next) this.collect(this.ring);
    } else while (this.pending.length > 0) this.packPending();
    this.pump();
    return this.next;
  }

  /**
   * Empty the ring and release it: the next recording has it for itself, whatever timers this one still has. Where events
   * wait in it, that goes on with each acknowledgement.
   */
  leaveRing(): number {
    const { ring } = this;
    if (ring === null) return this.flush();
    this.leaving = true;
    let before: number;
    do {
      before = ring.first;
      this.flush();
    } while (before !== ring.first && !this.holding);
    if (this.holding) return ring.next;
    // A call that never returned may hold a place: the events after it stay a gap.
    this.pending = [];
    this.numbered = ring.next;
    this.ring = null;
    ring.release();
    return this.numbered;
  }

  /** Forget all events up to number `n`: the host has them on its disk. `place`: where it puts events now. */
  acknowledge(n: number, place?: Place | null): void {
    this.place = place ?? this.place;
    let gone = 0;
    for (const batch of this.batches) {
      if (batch.first + batch.count - 1 > n) break;
      this.bytes -= batch.bytes.byteLength;
      if (batch.sent) this.inFlight -= batch.bytes.byteLength;
      gone++;
    }
    this.batches.splice(0, gone);
    if (this.batches.every((batch) => !batch.sent)) this.inFlight = 0;
    this.pump();
    if (!this.holding) return;
    if (this.leaving) this.leaveRing();
    else this.arm(0);
  }

  /** Send everything from number `from` on again. */
  resend(from: number): void {
    this.inFlight = 0;
    for (const batch of this.batches) {
      batch.sent = batch.first + batch.count <= from;
      if (batch.sent) this.inFlight += batch.bytes.byteLength;
    }
    this.flush();
  }

  beat(final = false): void {
    const { at, next, dropped } = this.state();
    // What waits in the ring is not on its way. At the end it is lost.
    const sent = this.holding && !final ? (this.batches.find((batch) => !batch.sent)?.first ?? this.ring!.first) : next;
    const more = { ...(sent < next ? { waiting: next - sent } : {}), ...(final ? { final: true as const } : {}) };
    this.port.send({ type: "beat", agent: this.agent, at, next: sent, dropped, ...more }, null);
  }

  fault(problem: unknown): void {
    const error = problem instanceof Error ? problem : new Error(String(problem));
    this.port.send({ type: "fault", agent: this.agent, message: error.message, stack: error.stack ?? "" }, null);
  }

  private state(): Beat {
    return { at: this.port.beat(), next: this.next, dropped: { count: this.dropped, reason: this.dropped === 0 ? "" : FULL } };
  }

  private arm(ms: number): void {
    if (this.armed && ms > 0) return;
    this.armed = true;
    this.port.later(() => (this.leaving ? this.leaveRing() : this.flush()), ms);
  }

  private putInRing(ring: Ring, event: Wire): number {
    // While events wait in the ring, the script's own are in memory.
    const full = this.holding && this.pending.length * EVENT_BYTES > this.bound;
    let number = full ? 0 : ring.claim();
    if (number === 0 && !full) {
      this.collect(ring);
      number = ring.claim();
    }
    if (number === 0) {
      ring.drop();
      return 0;
    }
    this.pending.push(event);
    this.arm(FLUSH_MS);
    return number;
  }

  /** Empty the ring into batches. */
  private collect(ring: Ring): void {
    const { place } = this;
    this.holding = false;
    for (let n = 0; n !== MOST_PIECES; n++) {
      if (ring.roomy && this.bytes > this.bound * FULL_SHARE && this.onFull()) {
        this.holding = true;
        break;
      }
      const { first, count, bytes, placed, own, more } = ring.drain(place);
      if (count > 0) this.add(first, count, bytes, placed ? place : null);
      if (own > 0) this.add(first + count, own, ...this.own(first + count, this.pending.splice(0, own)));
      if (!more) break;
      if (n === MOST_PIECES - 1) this.arm(0);
    }
    this.close();
    const lost = ring.lost;
    if (lost > this.ringLost) this.note(lost - this.ringLost);
    this.ringLost = lost;
  }

  /** Return the script's events as bytes, and their place. */
  private own(first: number, events: Wire[]): [bytes: ArrayBuffer, place: Place | null] {
    const { place } = this;
    const text = place && toPlacedItems(events, first, place);
    return [this.port.encode(text ?? toJsonItems(events)), text === null ? null : place];
  }

  private add(first: number, count: number, bytes: ArrayBuffer, place: Place | null): void {
    const { pieces } = this;
    const follows = place === pieces.place && first === pieces.first + pieces.count && pieces.count + count <= FLUSH_EVENTS;
    if (!follows) this.close();
    if (this.pieces.count === 0) Object.assign(this.pieces, { first, place });
    this.pieces.count += count;
    this.pieces.parts.push(bytes);
  }

  private close(): void {
    const { first, count, parts, place } = this.pieces;
    if (count > 0) this.pack(first, count, parts, place);
    this.pieces = { first: 0, count: 0, parts: [], place: null };
  }

  private packPending(): void {
    const first = this.numbered - this.pending.length;
    const events = this.pending.splice(0, FLUSH_EVENTS);
    const [bytes, place] = this.own(first, events);
    this.pack(first, events.length, [bytes], place);
  }

  private pack(first: number, count: number, parts: ArrayBuffer[], place: Place | null): void {
    const bytes = joined(place === null ? "[" : `[[${place.segment},${place.shift},${place.since},${count}],`, parts);
    this.batches.push({ first, count, bytes, sent: false });
    this.bytes += bytes.byteLength;
    this.onPack(first, count, bytes);
    this.pump();
    this.trim();
  }

  private trim(): void {
    while (this.bytes > this.bound && this.batches.length > 0) {
      const oldest = this.batches.shift()!;
      this.bytes -= oldest.bytes.byteLength;
      this.note(oldest.count, oldest.first);
    }
  }

  private dropPending(): void {
    // Numbers count back from the end, so the remaining events keep theirs.
    const first = this.numbered + 1 - this.pending.length; // the last of them has not got its number yet
    this.note(this.pending.splice(0, FLUSH_EVENTS).length, first);
  }

  /** Count dropped events; without `first` they never had numbers. */
  private note(count: number, first?: number): void {
    this.dropped += count;
    if (first !== undefined) this.gone = [Math.min(this.gone[0], first), first + count - 1];
    if (this.announcing) return;
    this.announcing = true;
    this.port.later(() => {
      const [from, to] = this.gone;
      this.announcing = false;
      this.gone = [Infinity, 0];
      this.onDrop(from, to);
    }, FLUSH_MS);
  }

  private pump(): void {
    for (const batch of this.batches) {
      if (batch.sent) continue;
      // send() has no back-pressure: what the host does not read would fill the app's memory.
      if (this.inFlight > this.bound) return;
      batch.sent = true;
      this.inFlight += batch.bytes.byteLength;
      this.port.send({ type: "batch", agent: this.agent, first: batch.first }, batch.bytes);
    }
  }
}

/** Return the bytes of an array: its beginning, in ASCII, and its parts. */
function joined(head: string, parts: ArrayBuffer[]): ArrayBuffer {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength + 1, head.length));
  let at = 0;
  for (; at !== head.length; at++) all[at] = head.charCodeAt(at);
  for (const part of parts) {
    all.set(new Uint8Array(part), at);
    at += part.byteLength;
    all[at++] = COMMA;
  }
  all[at - 1] = CLOSE;
  return all.buffer;
}
