// What all hooks of one recording share.
import { now } from "./clock.js";
import { Nesting } from "./nesting.js";
import { Outbox } from "./outbox.js";
import { AGENT_VERSION, type ProbeSet, type StartOptions, type Wire, startOptions } from "./protocol.js";

export const agentId: string = uuid();
export { AGENT_VERSION };

function uuid(): string {
  const seed = `${Process.id} ${Date.now()} ${Math.random()} ${Math.random()}`;
  const hex = Checksum.compute("sha256", seed);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)];
  return parts.join("-").toUpperCase();
}

export class Session {
  readonly nesting = new Nesting();
  readonly outbox: Outbox;
  options: StartOptions = startOptions(null);
  running = false;

  constructor() {
    this.outbox = new Outbox(agentId, { send: sendText, later: setTimeout, beat: now }, this.options.bound);
  }

  get set(): ProbeSet {
    return this.options.set;
  }

  emit(event: Wire): number {
    return this.outbox.put(event);
  }

  /** Tell of an error of our own, once for each place: a hook that fails may fail very often. */
  fault(place: string, problem: unknown): void {
    const message = `${place}: ${problem instanceof Error ? problem.message : String(problem)}`;
    if (this.faults.has(message) || this.faults.size >= 50) return;
    this.faults.add(message);
    this.outbox.fault(new Error(message));
  }

  private readonly faults = new Set<string>();
}

function sendText(message: object, text: string | null): void {
  if (text === null) send(message);
  else send(message, toBytes(text));
}

function toBytes(text: string): ArrayBuffer {
  const memory = Memory.allocUtf8String(text);
  // Characters outside ASCII take more bytes than one.
  const size = isAscii(text) ? text.length : byteLength(memory);
  return memory.readByteArray(size) as ArrayBuffer;
}

function isAscii(text: string): boolean {
  return /^[\x00-\x7f]*$/.test(text);
}

const strlen = new NativeFunction(Module.getGlobalExportByName("strlen"), "size_t", ["pointer"]);

function byteLength(memory: NativePointer): number {
  return Number(strlen(memory));
}
