// Counted getters on lane c: the memory that C counts in, and how the script empties it.
import { backtrace, siteOf } from "../callers.js";
import { plainCode } from "../code_pointers.js";
import { LEAF } from "../native.js";
import { THREADS } from "../native_hooks/layout.js";
import { openReplacements } from "../native_hooks/replace.js";
import type { Counted, Counter } from "./counter.js";
import { CAUSE, COUNTING, COUNTING_BYTES, GETTER, MOST_TALLIES, RESULT, SEEN_SLOTS, TALLY_BYTES, WINDOW_SLOTS } from "./layout.js";
import { makeStub, makeSwap } from "./stubs.js";

const MOST_GETTERS = 32;

/** Where an object keeps the text of its asset's identifier; `hop`: in the object at this offset. 0: it is not known. */
export interface IdentityPlace {
  readonly offset: number;
  readonly hop: number;
}

export class NativeCounter implements Counter {
  onCount: () => void = () => undefined;
  /** What the module in C links to. */
  readonly symbols: Readonly<Record<string, NativePointer>>;
  private readonly counting = Memory.alloc(COUNTING_BYTES);
  private readonly words = new Uint32Array(ArrayBuffer.wrap(this.counting, COUNTING_BYTES));
  private readonly results = Memory.alloc(MOST_TALLIES * RESULT.bytes);
  private readonly kept: unknown[] = [];
  private readonly stubs: NativePointer[] = [];
  private readonly slot = openReplacements().reserve(MOST_GETTERS);
  private module: CModule | null = null;
  private isSettled!: (first: number) => number;
  private takeHalf!: (half: number) => number;
  private forgetSeen!: () => void;

  constructor() {
    const { counting, results } = this;
    this.symbols = {
      counting,
      results,
      tallies: this.keep(Memory.alloc(2 * MOST_TALLIES * TALLY_BYTES)),
      windows: this.keep(Memory.alloc(2 * WINDOW_SLOTS * 8)),
      seen: this.keep(Memory.alloc(SEEN_SLOTS * 8)),
      calls_then: this.keep(Memory.alloc(THREADS * 4)),
      swap: this.keep(makeSwap()),
      thread_here: this.keep(new NativeCallback(() => Process.getCurrentThreadId(), "uint", [])),
      counted: this.keep(new NativeCallback(() => this.onCount(), "void", [])),
    };
  }

  link(module: CModule): void {
    const leaf = (name: string, result: string, args: string[]): never => new NativeFunction(module[name]!, result as "void", args as [], LEAF) as never;
    this.module = module;
    answer(module["is_apps"]!);
    this.isSettled = leaf("is_settled", "uint", ["uint"]);
    this.takeHalf = leaf("take_half", "uint", ["uint"]);
    this.forgetSeen = leaf("forget_seen", "void", []);
  }

  /** Start with nothing counted. No thread counts. */
  begin(salt: number): void {
    for (const half of [0, 1]) this.takeHalf(half);
    this.forgetSeen();
    this.words[COUNTING.salt / 4] = this.words[COUNTING.salt / 4 + 1] = salt;
    this.words[COUNTING.unseen / 4] = 0;
    this.words[COUNTING.asleep / 4] = 1;
  }

  /** Put the way that counts into a getter's place. Errors: Error where that is not possible. */
  watch(index: number, address: NativePointer, { offset, hop }: IdentityPlace): void {
    if (index >= MOST_GETTERS) throw new Error(`there is room for ${MOST_GETTERS} counted getters`);
    const replacements = openReplacements();
    const getter = this.keep(Memory.alloc(GETTER.bytes));
    getter.add(GETTER.index).writeU32(index);
    getter.add(GETTER.offset).writeU32(offset);
    getter.add(GETTER.hop).writeU32(hop);
    const stub = makeStub(getter, this.module!["count_getter"]!, replacements.original(this.slot + index));
    this.stubs.push(stub);
    replacements.put(this.slot + index, address, stub, { passes: true });
  }

  sleep(): void {
    this.words[COUNTING.asleep / 4] = 1;
  }

  turn(): void {
    this.words[COUNTING.epoch / 4] = (this.words[COUNTING.epoch / 4]! + 1) >>> 0;
    this.isSettled(1);
  }

  isQuiet(): boolean {
    return this.isSettled(0) !== 0;
  }

  take(): Counted[] {
    const half = (this.words[COUNTING.epoch / 4]! + 1) & 1;
    const n = this.takeHalf(half);
    return Array.from({ length: n }, (_, i) => {
      const row = this.results.add(i * RESULT.bytes);
      const figure = (offset: number): number => Number(row.add(offset).readU64());
      const key = figure(RESULT.key);
      const at = [0, 4, 8, 12].map((word) => row.add(RESULT.at + word).readU32()) as unknown as Counted["at"];
      const low = key % CAUSE;
      return {
        getter: low >> 1, internal: (low & 1) !== 0, cause: Math.floor(key / CAUSE) || null, at,
        count: figure(RESULT.count), assets: figure(RESULT.assets), fresh: figure(RESULT.fresh), vague: figure(RESULT.vague),
      };
    });
  }

  pauseSeen(paused: boolean): void {
    this.words[COUNTING.unseen / 4] = paused ? 1 : 0;
    if (paused) this.isSettled(1);
  }

  clearSeen(): void {
    this.forgetSeen();
  }

  private keep<T>(one: T): T {
    this.kept.push(one);
    return one;
  }
}

/**
 * Have the script decide, for a call from the system's code, whether code of the app has asked for it. Without any on the stack
 * the app did not ask; where the last counted getter is still on it, that one is counted already. A function in C is hooked for
 * it: only a hook's context can be set, which a walk of the stack begins from.
 */
function answer(isApps: NativePointer): void {
  const [pc, sp, fp] = Process.arch === "arm64" ? ["pc", "sp", "fp"] : ["rip", "rsp", "rbp"];
  const returnSize = Process.arch === "arm64" ? 0 : Process.pointerSize;
  Interceptor.attach(isApps, {
    onEnter(args) {
      const context = this.context as unknown as Record<string, NativePointer>;
      const before = [pc, sp, fp].map((name) => context[name!]!);
      const site = args[3]!;
      const set = ([one, other, third]: readonly NativePointer[]): void => void Object.assign(context, { [pc!]: one, [sp!]: other, [fp!]: third });
      set([args[0]!, args[1]!.add(returnSize), args[2]!]);
      const frames = backtrace(this.context);
      set(before);
      this["isApps"] = frames.some((address) => !siteOf(address).foreign) && !(!site.isNull() && frames.some((address) => plainCode(address).equals(site)));
    },
    onLeave(result) {
      if (this["isApps"] === true) result.replace(ptr(1));
    },
  });
}
