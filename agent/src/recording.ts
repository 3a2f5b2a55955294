// What all hooks of one recording share.
import { now } from "./clock.js";
import { isCompiling, nativeText } from "./native.js";
import { type Nested, Nesting } from "./nesting.js";
import { Outbox } from "./outbox.js";
import { Stacks } from "./stacks.js";
import { type Message, type ProbeSet, type StartOptions, type Wire, startOptions } from "./protocol.js";

export type Send = (message: Message, text: string | null) => void;

/** Where messages go: to the host, until a resident keeps them for its relays. */
let deliver: Send = sendText;

export function redirect(to: Send): void {
  deliver = to;
}

function uuid(): string {
  const seed = `${Process.id} ${Date.now()} ${Math.random()} ${Math.random()}`;
  const hex = Checksum.compute("sha256", seed);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)];
  return parts.join("-").toUpperCase();
}

export class Recording {
  /** The agent's name: one for each row of transport numbers. */
  readonly agent: string = uuid();
  nesting: Nested = new Nesting();
  readonly stacks = new Stacks();
  readonly outbox: Outbox;
  options: StartOptions = startOptions(null);
  running = false;
  /** Everything has been told: a call that comes back only now is of no recording. */
  over = false;
  /** Which lane frequent calls take; before the start, the one that they would. */
  lane: "c" | "js" = isCompiling() ? "c" : "js";

  constructor() {
    this.outbox = new Outbox(this.agent, { send: (message, text) => deliver(message, text), later: setTimeout, beat: now }, this.options.bound);
    this.outbox.onFlush = () => this.emitStacks();
  }

  get set(): ProbeSet {
    return this.options.set;
  }

  /** Take an event; returns its transport number, 0 where it is not taken. */
  emit(event: Wire): number {
    if (this.over) return 0;
    const number = this.outbox.put(event);
    if (event.kind === "hook") this.remember(event, number);
    return number;
  }

  /** Tell again how each hook stands, in the order in which that was told. */
  repeatHooks(): void {
    for (const { event } of [...this.hooks.values()]) this.emit({ ...event, at: now() });
  }

  /** Whether how some hook stands was told among these numbers, or found no room. */
  announcedHooks(from: number, to: number): boolean {
    return [...this.hooks.values()].some(({ number }) => number === 0 || (number >= from && number <= to));
  }

  private remember(event: Wire & { kind: "hook" }, number: number): void {
    const key = `${event.probe} ${event.symbol}`;
    this.hooks.delete(key);
    this.hooks.set(key, { event, number });
  }

  private emitStacks(): void {
    for (const { id, frames } of this.stacks.fresh()) this.emit({ kind: "stack", at: now(), tid: null, id, frames });
  }

  /** Tell of an error of our own, once for each place: a hook that fails may fail very often. */
  fault(place: string, problem: unknown): void {
    const message = `${place}: ${problem instanceof Error ? problem.message : String(problem)}`;
    if (this.faults.has(message) || this.faults.size >= 50) return;
    this.faults.add(message);
    this.outbox.fault(new Error(message));
  }

  private readonly hooks = new Map<string, { event: Wire & { kind: "hook" }; number: number }>();
  private readonly faults = new Set<string>();
}

function sendText(message: Message, text: string | null): void {
  if (text === null) return send(message);
  const { memory, size } = nativeText(text);
  send(message, memory.readByteArray(size));
}
