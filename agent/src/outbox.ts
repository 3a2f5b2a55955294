// Transport numbers, batches, acknowledgement, bound: the only caller of send().
// Nothing here knows Frida: what it sends with, and the clock, are given to it.
import { toJson } from "./format.js";
import type { Beat, Message, Wire } from "./protocol.js";

export const FLUSH_MS = 50;
export const FLUSH_EVENTS = 1000;
const EVENT_BYTES = 260; // what an event is taken for until it is text

const FULL = "the host did not take events in time, and the agent's memory for them was full";

export interface Port {
  send(message: Message, text: string | null): void;
  later(work: () => void, ms: number): void;
  beat(): Beat["at"];
}

interface Batch {
  first: number;
  count: number;
  text: string;
  sent: boolean;
}

export class Outbox {
  next = 1;
  dropped = 0;
  /** Called after events had to be dropped, outside of any hook. */
  onDrop: () => void = () => undefined;
  /** Called before what is pending is packed: events that were put off can be put now. */
  onFlush: () => void = () => undefined;
  /** Called with every batch as it is made. */
  onPack: (first: number, count: number, text: string) => void = () => undefined;

  private pending: Wire[] = [];
  private batches: Batch[] = [];
  private bytes = 0; // of the batches
  private inFlight = 0; // bytes sent and not acknowledged, dropped or not
  private armed = false;
  private announcing = false;

  constructor(
    private readonly agent: string,
    private readonly port: Port,
    public bound: number,
  ) {}

  /** The number of the oldest event that is kept; `next` where there is none. */
  get first(): number {
    return this.batches[0]?.first ?? this.next - this.pending.length;
  }

  /** Take an event; returns its transport number. */
  put(event: Wire): number {
    this.pending.push(event);
    const count = this.pending.length;
    if (count === 1) this.arm(FLUSH_MS);
    else if (count % FLUSH_EVENTS === 0) {
      this.arm(0);
      if (count * EVENT_BYTES > this.bound) this.dropPending();
    }
    return this.next++;
  }

  /** Turn what is pending into a batch and send what may be sent; returns the next number. */
  flush(): number {
    this.armed = false;
    this.onFlush();
    while (this.pending.length > 0) this.pack(this.pending.splice(0, FLUSH_EVENTS));
    this.trim();
    this.pump();
    return this.next;
  }

  /** Forget all events up to number `n`: they are on the host's disk. */
  acknowledge(n: number): void {
    let gone = 0;
    for (const batch of this.batches) {
      if (batch.first + batch.count - 1 > n) break;
      this.bytes -= batch.text.length;
      if (batch.sent) this.inFlight -= batch.text.length;
      gone++;
    }
    this.batches.splice(0, gone);
    if (this.batches.every((batch) => !batch.sent)) this.inFlight = 0;
    this.pump();
  }

  /** Send everything from number `from` on again. */
  resend(from: number): void {
    this.inFlight = 0;
    for (const batch of this.batches) {
      batch.sent = batch.first + batch.count <= from;
      if (batch.sent) this.inFlight += batch.text.length;
    }
    this.flush();
  }

  beat(final = false): void {
    this.port.send({ type: "beat", agent: this.agent, ...this.state(), ...(final ? { final: true as const } : {}) }, null);
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
    this.port.later(() => this.flush(), ms);
  }

  private pack(events: Wire[]): void {
    const text = toJson(events);
    const first = this.next - this.pending.length - events.length;
    this.batches.push({ first, count: events.length, text, sent: false });
    this.bytes += text.length;
    this.onPack(first, events.length, text);
  }

  private trim(): void {
    while (this.bytes > this.bound && this.batches.length > 0) {
      const oldest = this.batches.shift()!;
      this.bytes -= oldest.text.length;
      this.note(oldest.count);
    }
  }

  private dropPending(): void {
    // Numbers count back from the end, so what stays keeps its own.
    this.note(this.pending.splice(0, FLUSH_EVENTS).length);
  }

  private note(count: number): void {
    this.dropped += count;
    if (this.announcing) return;
    this.announcing = true;
    this.port.later(() => {
      this.announcing = false;
      this.onDrop();
    }, FLUSH_MS);
  }

  private pump(): void {
    for (const batch of this.batches) {
      if (batch.sent) continue;
      // send() has no back-pressure: what a host does not take would grow in the app's memory.
      if (this.inFlight > this.bound) return;
      batch.sent = true;
      this.inFlight += batch.text.length;
      this.port.send({ type: "batch", agent: this.agent, first: batch.first }, batch.text);
    }
  }
}
