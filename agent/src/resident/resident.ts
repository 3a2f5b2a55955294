// The agent that stays: it watches, keeps events and answers relays. The host reaches it only through them (ADR 0040).
import { Agent } from "../agent.js";
import { now } from "../clock.js";
import { describe } from "../identity.js";
import { type Message, type Place, startOptions } from "../protocol.js";
import { redirect } from "../recording.js";
import { PosixDisk, spoolBase } from "./posix_file.js";
import { publishResident } from "./rendezvous.js";
import { type Left, Spool } from "./spool.js";

/** A relay that has asked for nothing for so long is considered dead. */
const HELD_S = 3;
const LOOK_MS = 1000;
const TAKEN_AT_ONCE = 8;

/** A relay must hold the resident for all other calls: a recorder's request may arrive when another recorder has it. */
const FREE = new Set(["describe", "take", "release"]);

/** What a relay takes: the message, and where its events are as JSON. */
export interface QueuedMessage {
  message: Message;
  at: string | null;
  bytes: number;
}

/** A message and its events: in memory, on the disk, or none. */
type QueueEntry = [message: Message, bytes: ArrayBuffer | (() => ArrayBuffer) | null];

interface Holder {
  client: string;
  relay: string;
  /** When it last asked for something, s of the continuous clock: a wall clock that is set back would keep a dead relay. */
  seen_s: number;
}

interface Started {
  state: "never" | "pending" | "done" | "failed";
  answer: unknown;
}

export class Resident {
  private agent = new Agent();
  private holder: Holder | null = null;
  private queue: QueueEntry[] = [];
  private readonly spool: Spool | null;
  /** What a recorder needs that starts in the middle was sent since the last recorder left. */
  private repeated = true;
  private readonly replies = new Map<string, NativePointer>();
  private readonly taken = new Map<string, ArrayBuffer[]>();
  private started: Started = { state: "never", answer: null };

  constructor() {
    redirect((message, bytes) => {
      // The outbox keeps events until they are acknowledged, and sends them again to the next relay. Faults are sent once,
      // so they are kept.
      if (this.attended() || message.type === "fault") this.queue.push([message, bytes]);
    });
    const opened = publishResident((request) => this.answer(request));
    if (!opened) throw new Error("this process has a resident already");
    this.spool = openSpool();
    setInterval(() => this.look(), LOOK_MS);
  }

  /** Describe the agent; with a client, claim the resident for it. */
  describe(relay: string, client: string | null): Record<string, unknown> {
    const busy = client !== null && this.attended() && this.holder!.client !== client;
    if (client !== null && !busy) {
      if (this.holder?.client !== client) this.repeatAll();
      this.holder = { client, relay, seen_s: seconds() };
      this.repeated = false;
      this.queue = this.queue.filter(([message]) => message.type === "fault");
      this.renew();
    }
    const { agent, lane, outbox, running } = this.agent.recording;
    const left = this.spool?.left() ?? [];
    const first = Math.min(outbox.first, left.find((one) => one.agent === agent)?.first ?? Infinity);
    const spooled: Left[] = left.filter((one) => one.agent !== agent);
    return { ...describe(agent, lane), resident: true, busy, started: running, first, next: outbox.next, spooled };
  }

  start(options: unknown): void {
    if (startOptions(options).spool) this.keepOnDisk();
    this.started = { state: "pending", answer: null };
    this.agent.start(options).then(
      (answer) => (this.started = { state: "done", answer }),
      (problem: unknown) => (this.started = { state: "failed", answer: problem instanceof Error ? problem.message : String(problem) }),
    );
  }

  hasStarted(): Started {
    return this.started;
  }

  stop(): number {
    return this.agent.stop();
  }

  flush(): number {
    return this.agent.recording.outbox.flush();
  }

  acknowledge(number: number, place?: Place): void {
    const { agent, outbox } = this.agent.recording;
    outbox.acknowledge(number, place);
    this.spool?.forget(agent, number);
  }

  resend(from: number): void {
    const { agent, outbox } = this.agent.recording;
    this.queue = this.queue.filter(([message]) => message.type !== "batch");
    this.fetch(agent, from, outbox.first);
    outbox.resend(from);
  }

  /** Send what an earlier agent has left on the disk. */
  collect(agent: string): void {
    this.fetch(agent, 1, Infinity);
  }

  /** Remove what an earlier agent has left on the disk: the host has it. */
  discard(agent: string): void {
    this.spool?.forget(agent, Infinity);
  }

  clock(): unknown {
    return now();
  }

  /** The process ends: send the rest, and a final beat. */
  finish(): void {
    this.agent.stop();
    this.agent.recording.outbox.beat(true);
  }

  /** Return the next messages for the relay that holds the resident; null for another one. */
  take(relay: string): QueuedMessage[] | null {
    if (this.holder?.relay !== relay) return null;
    this.holder.seen_s = seconds();
    const taken: ArrayBuffer[] = [];
    const messages = this.queue.splice(0, TAKEN_AT_ONCE).map(([message, kept]): QueuedMessage => {
      if (kept === null) return { message, at: null, bytes: 0 };
      const bytes = typeof kept === "function" ? kept() : kept;
      taken.push(bytes);
      return { message, at: bytes.unwrap().toString(), bytes: bytes.byteLength };
    });
    // They must live until this relay asks again; another one may ask meanwhile.
    this.taken.set(relay, taken);
    return messages;
  }

  /** A relay ends. */
  release(relay: string): void {
    if (this.holder?.relay === relay) this.holder = null;
    this.taken.delete(relay);
    this.replies.delete(relay);
  }

  private fetch(agent: string, from: number, before: number): void {
    for (const { first, read } of this.spool?.batches(agent, from, before) ?? []) {
      this.queue.push([{ type: "batch", agent, first }, read]);
    }
  }

  private keepOnDisk(): void {
    const { agent, outbox } = this.agent.recording;
    // A host that is there takes what is in the ring in its own time. Without one the spool takes it, which outlives the process.
    outbox.onFull = () => this.attended() || this.spool === null || this.spool.full;
    outbox.onPack = (first, count, bytes) => {
      try {
        if (this.spool === null) throw new Error("this process has no container");
        this.spool.append(agent, first, count, bytes);
      } catch (problem) {
        this.agent.recording.fault("spool", problem);
      }
    };
  }

  private checkHolder(relay: string): void {
    if (this.holder?.relay !== relay) throw new Error("another recorder has this process now");
    this.holder.seen_s = seconds();
  }

  private attended(): boolean {
    return this.holder !== null && seconds() - this.holder.seen_s < HELD_S;
  }

  private look(): void {
    if (!this.attended()) this.repeatAll();
  }

  /** Send again what is installed and the current state: the next recorder may not have the file in which they are. */
  private repeatAll(): void {
    if (this.repeated || !this.agent.recording.running) return;
    this.repeated = true;
    this.agent.repeatAll();
  }

  /** A resident that was stopped and has nothing left to send starts over, with a new name and new numbers. */
  private renew(): void {
    const { outbox, running } = this.agent.recording;
    if (running || outbox.first !== outbox.next || outbox.next === 1) return;
    this.agent = new Agent();
    this.started = { state: "never", answer: null };
  }

  private answer(request: NativePointer): NativePointer {
    const { carrier: relay, name, args } = JSON.parse(request.readUtf8String() ?? "") as { carrier: string; name: keyof Resident; args: unknown[] };
    let reply: { value: unknown } | { problem: string };
    try {
      if (!FREE.has(name)) this.checkHolder(relay);
      reply = { value: (this[name] as (...args: unknown[]) => unknown)(...args) ?? null };
    } catch (problem) {
      reply = { problem: problem instanceof Error ? problem.message : String(problem) };
    }
    const memory = Memory.allocUtf8String(JSON.stringify(reply));
    if (name !== "release") this.replies.set(relay, memory);
    return memory;
  }
}

const seconds = (): number => now()[2];

function openSpool(): Spool | null {
  const base = spoolBase();
  return base === null ? null : new Spool(new PosixDisk(), base, Process.id);
}
