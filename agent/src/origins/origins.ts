// Because of which event a thread acts, in C: for hooks in C and in JavaScript.
import { compile, LEAF, sharedWords } from "../native.js";
import { publish } from "../publishing.js";
import { CONTROL, CONTROL_BYTES, type Escape, ESCAPES, THREAD_BYTES, THREADS } from "./layout.js";
import { ORIGINS_C } from "./origins_c.js";
import type { Origins } from "./thread_origins.js";

/** In C, for both lanes. */
export class NativeOrigins implements Origins {
  /** What other parts in C link to: see ORIGINS_H. */
  readonly symbols: Readonly<Record<string, NativePointer>>;
  readonly control = sharedWords(CONTROL_BYTES);
  private readonly words = new Int32Array(ArrayBuffer.wrap(this.control, CONTROL_BYTES));
  private readonly threads = Memory.alloc(THREADS * THREAD_BYTES);
  private readonly enterHere: (number: number) => number;
  private readonly leaveHere: (place: number) => void;
  private readonly numberHere: () => number;
  private readonly resumedByHere: () => number;
  private readonly clearAll: () => void;

  /** Compile; throws where that fails. */
  constructor() {
    const module = compile(ORIGINS_C, { origins: this.control, threads: this.threads });
    const leaf = (name: string, result: string, args: string[]): never => new NativeFunction(module[name]!, result as "void", args as [], LEAF) as never;
    (leaf("prepare", "void", []) as () => void)();
    this.enterHere = leaf("enter_here", "int", ["double"]);
    this.leaveHere = leaf("origin_leave", "void", ["int"]);
    this.numberHere = leaf("number_here", "double", []);
    this.resumedByHere = leaf("resumed_by_number_here", "double", []);
    this.clearAll = leaf("clear", "void", []);
    const names = ["origin_enter", "origin_leave", "origin_here", "resumed_by_here", "origin_handing", "origin_handed", "is_app_code", "escaped"];
    this.symbols = { origins: this.control, ...Object.fromEntries(names.map((name) => [name, module[name]!])) };
  }

  enter(_tid: number, number: number): number {
    return this.enterHere(number);
  }

  leave(_tid: number, place: number): void {
    this.leaveHere(place);
  }

  here(_tid: number): number | null {
    return this.words[CONTROL.live / 4] === 0 ? null : this.numberHere() || null;
  }

  resumedBy(): number | null {
    return this.words[CONTROL.live / 4] === 0 ? null : this.resumedByHere() || null;
  }

  clear(): void {
    this.clearAll();
  }

  /** Take the app's images: `imageTable` of native_hooks/app_images. */
  refreshImages(table: NativePointer): void {
    publish(this.control.add(CONTROL.images), table);
  }

  /** Return how often each sort of work could not be followed. */
  escapes(): ReadonlyMap<Escape, number> {
    return new Map(ESCAPES.map((sort, i) => [sort, this.words[CONTROL.escapes / 4 + i]!]));
  }
}

let native: NativeOrigins | null | undefined;
let reason = "";

/** Return the origins of this process in C; null where it cannot compile. Compiled once, for one agent after the other. */
export function openOrigins(): NativeOrigins | null {
  if (native === undefined) {
    try {
      native = new NativeOrigins();
    } catch (problem) {
      native = null;
      reason = problem instanceof Error ? problem.message : String(problem);
    }
  }
  native?.clear();
  return native;
}

export function originsProblem(): string {
  return reason;
}
