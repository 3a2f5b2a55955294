// What all hooks of one recording share.
import { now } from "./clock.js";
import { isCompiling, utf8 } from "./native.js";
import { type Nested, Nesting } from "./nesting.js";
import { type Origins, ThreadOrigins } from "./origins/thread_origins.js";
import { Outbox } from "./outbox.js";
import { type Message, type ProbeSet, startOptions, type StartOptions, type Wire } from "./protocol.js";
import { Stacks } from "./stacks.js";

/** The reason of hooks that were not wanted, for people. */
export const LEFT_OUT = "left out as asked (--only, --without)";

export type Send = (message: Message, bytes: ArrayBuffer | null) => void;

/** Where messages go: to the host, or to the resident, which keeps them for its relays. */
let deliver: Send = send;

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
  /** The agent's name: a new one for each sequence of transport numbers. */
  readonly agent: string = uuid();
  nesting: Nested = new Nesting();
  origins: Origins = new ThreadOrigins();
  readonly stacks = new Stacks();
  readonly outbox: Outbox;
  options: StartOptions = startOptions(null);
  running = false;
  /** The hooks are out: a call that returns only now belongs to no recording. Stacks follow for as long as events wait. */
  over = false;
  /** Which lane frequent calls take; before the start, the one that they would take. */
  lane: "c" | "js" = isCompiling() ? "c" : "js";

  constructor() {
    this.outbox = new Outbox(this.agent, { send: (message, bytes) => deliver(message, bytes), encode: utf8, later: setTimeout, beat: now }, this.options.bound);
    this.outbox.onFlush = () => this.emitStacks();
  }

  get set(): ProbeSet {
    return this.options.set;
  }

  /** Return whether the user did not want a probe: nothing is hooked for it, and its hook event says so. */
  leavesOut(probe: string): boolean {
    return this.options.without.includes(probe);
  }

  /** Send an event; returns its transport number, or 0 where it was dropped. */
  emit(event: Wire): number {
    if (this.over && !(event.kind === "stack" && this.outbox.ring !== null)) return 0;
    const number = this.outbox.put(event);
    if (event.kind === "hook") this.remember(event, number);
    return number;
  }

  /** Send the last event of each hook again, in the original order. */
  repeatHooks(): void {
    for (const { event } of [...this.hooks.values()]) this.emit({ ...event, at: now() });
  }

  /** Return whether the last event of some hook has one of these numbers, or was dropped at once. */
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

  /** Report an error of our own, once for each place: a hook that fails may fail very often. */
  fault(place: string, problem: unknown): void {
    const message = `${place}: ${problem instanceof Error ? problem.message : String(problem)}`;
    if (this.faults.has(message) || this.faults.size >= 50) return;
    this.faults.add(message);
    this.outbox.fault(new Error(message));
  }

  private readonly hooks = new Map<string, { event: Wire & { kind: "hook" }; number: number }>();
  private readonly faults = new Set<string>();
}
