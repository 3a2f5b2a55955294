// The fast path, lane "c": methods that are called very often are hooked in C, whose events share one sequence with the script's own.
import { codeMask } from "../code_pointers.js";
import { compile, LEAF, needExport, sharedWords } from "../native.js";
import { type NativeOrigins, originsProblem } from "../origins/origins.js";
import { available, className, isKind, selector } from "../objc/runtime.js";
import { isAskable } from "../objc/values.js";
import type { Piece, Ring } from "../outbox.js";
import { MOST_STACKS } from "../stacks.js";
import { COUNTING_C } from "../properties/counting_c.js";
import type { NativeHooked } from "../probes/hook.js";
import type { NotificationType, Place } from "../protocol.js";
import { reference } from "../probes/observers.js";
import { NativeCounter } from "../properties/native_counter.js";
import { canMake } from "../properties/stubs.js";
import { addNumber, publish } from "../publishing.js";
import { AccountingCache } from "./accounting_cache.js";
import { CallbackHook } from "./callback_hook.js";
import { LANE_C } from "./lane_c.js";
import { CALLBACKS, CONTROL, CONTROL_BYTES, DRAINED, FILE_RING, INPUT_SELECTORS, INPUTS, KINDS, MOST_EVENTS, OUT_BYTES, RECORD_BYTES, RING, THREAD_BYTES, THREADS } from "./layout.js";
import { ObserverClasses } from "./observer_classes.js";
import { QueryTexts } from "./query_texts.js";
import { Requests } from "./requests.js";
import { mapRing, unmapRing } from "./ring_file.js";
import { SharedNesting } from "./shared_nesting.js";
import { walker } from "./stack_walk.js";

const LIBOBJC = "libobjc.A.dylib";

export class FastPath implements Ring {
  readonly nesting: SharedNesting;
  readonly accountingCache: AccountingCache;
  /** Null on a processor that it is not written for. */
  readonly counter: NativeCounter | null = canMake() ? new NativeCounter() : null;
  readonly enter: NativePointer;
  readonly leave: NativePointer;
  onWake: () => void = () => undefined;
  /** Called with the number of each stack that an event refers to for the first time. */
  onStack: (id: number) => void = () => undefined;

  roomy = false;
  private readonly control = sharedWords(CONTROL_BYTES);
  private readonly words = new Uint32Array(ArrayBuffer.wrap(this.control, CONTROL_BYTES));
  private readonly out = Memory.alloc(OUT_BYTES);
  private readonly announced = Memory.alloc(1 + MOST_STACKS);
  private readonly fresh = Memory.alloc(4 * MOST_EVENTS);
  private readonly ring = Memory.alloc(RING * RECORD_BYTES);
  private readonly kept: unknown[] = [];
  private readonly callbacks = Memory.alloc(CALLBACKS.bytes);
  private readonly callback: NativeInvocationListenerCallbacks;
  readonly input: NativeHooked;
  private readonly inputs = Memory.alloc(INPUTS.bytes);
  private readonly callbackHooks = new Map<string, CallbackHook>();
  private readonly observerClasses = new ObserverClasses(this.callbacks, reference);
  readonly requests = new Requests();
  private readonly texts = new QueryTexts();
  private readonly claimOwn: () => number;
  private readonly dropOwn: () => void;
  private readonly drainOnce: () => void;
  private readonly beginAgain: (ring: NativePointer, records: number) => void;
  private readonly countInside: () => number;
  private readonly fallAsleep: () => number;

  /** Compile; throws where that fails. */
  constructor(stackHere: NativePointer | null, origins: NativeOrigins) {
    if (!available) throw new Error("this process has no Objective-C runtime");
    const threads = Memory.alloc(THREADS * THREAD_BYTES);
    const walk = walker();
    const module = compile(LANE_C + (this.counter === null ? "" : COUNTING_C), {
      ...this.counter?.symbols,
      ...origins.symbols,
      stack_here: stackHere ?? this.keep(new NativeCallback(() => 0, "uint", [])),
      announced: this.announced,
      fresh: this.fresh,
      control: this.control,
      threads,
      out: this.out,
      clock_gettime: needExport("clock_gettime"),
      object_getClass: needExport("object_getClass", LIBOBJC),
      objc_msgSend: needExport("objc_msgSend", LIBOBJC),
      count_selector: sharedWords(8).writePointer(selector("count")),
      walk: this.keep(walk.callback),
      wake: this.keep(new NativeCallback(() => this.onWake(), "void", [])),
      ...this.requests.symbols,
      learn_kind: this.keep(new NativeCallback((cls) => this.learnClass(cls), "uint", ["pointer"])),
      query_facts: this.keep(new NativeCallback((options) => this.texts.of(options), "pointer", ["pointer"])),
      callbacks: this.callbacks,
      sel_getName: needExport("sel_getName", LIBOBJC),
      learn_observer: this.keep(new NativeCallback((object) => this.observerClasses.learn(object), "pointer", ["pointer"])),
      inputs: this.inputs,
      is_event: this.keep(new NativeCallback((cls) => (isAskable(cls, "UIEvent") ? 1 : 0), "uint", ["pointer"])),
      look_up_row: this.keep(new NativeCallback((access) => this.accountingCache.lookup(access), "pointer", ["pointer"])),
    });
    const leaf = (name: string, result: string, args: string[]): never => new NativeFunction(module[name]!, result as "void", args as [], LEAF) as never;
    const here = leaf("here", "int", ["uint"]) as (tid: number) => number;
    (leaf("prepare", "void", []) as () => void)();
    this.addKind = leaf("add_kind", "uint", ["pointer", "uint"]);
    this.claimOwn = leaf("claim_own", "double", []);
    this.dropOwn = leaf("drop_own", "void", []);
    this.drainOnce = leaf("drain", "void", []);
    this.beginAgain = leaf("begin", "void", ["pointer", "uint"]);
    this.countInside = leaf("count_inside", "uint", []);
    this.counter?.link(module);
    this.requests.link(module, leaf);
    this.fallAsleep = leaf("fall_asleep", "uint", []);
    walk.ready(module["registers"]!);
    this.enter = module["enter"]!;
    this.leave = module["leave"]!;
    this.input = { callbacks: { onEnter: module["input_enter"] as never, onLeave: module["input_leave"] as never }, data: NULL };
    INPUT_SELECTORS.forEach((name, i) => this.inputs.add(INPUTS.selectors + i * 8).writePointer(selector(name)));
    this.callback = { onEnter: module["callback_enter"] as never, onLeave: module["callback_leave"] as never };
    this.nesting = new SharedNesting(this.keep(threads), here);
    this.control.add(CONTROL.mask).writePointer(codeMask());
    this.accountingCache = new AccountingCache(this.control);
  }

  /** Start with number 1; with a ring on the app's disk, if that is possible. Returns why it is not. */
  begin(internal: boolean, onDisk: boolean): unknown {
    let problem: unknown = null;
    let ring = this.ring;
    this.roomy = onDisk;
    try {
      if (onDisk) ring = mapRing(FILE_RING * RECORD_BYTES);
    } catch (why) {
      this.roomy = false;
      problem = why;
    }
    this.beginAgain(ring, this.roomy ? FILE_RING : RING);
    this.nesting.clear();
    this.inputs.writeByteArray(new ArrayBuffer(INPUTS.selectors)); // nothing is sent now
    this.inputs.add(INPUTS.sequencesAt).writeByteArray(new ArrayBuffer(INPUTS.bytes - INPUTS.sequencesAt));
    this.callbacks.writeByteArray(new ArrayBuffer(CALLBACKS.classes)); // numbers start again
    this.forgetStacks();
    this.accountingCache.clear();
    this.words[CONTROL.internal / 4] = internal ? 1 : 0;
    this.words[CONTROL.asleep / 4] = 1;
    return problem;
  }

  /** The ring's file goes: what a call still writes there is no event. */
  release(): void {
    if (this.roomy) unmapRing(FILE_RING * RECORD_BYTES);
    this.roomy = false;
  }

  forgetStacks(): void {
    this.announced.writeByteArray(new ArrayBuffer(1 + MOST_STACKS));
  }

  run(running: boolean): void {
    addNumber(this.control.add(CONTROL.running), Number(running) - this.words[CONTROL.running / 4]!);
  }

  /** Return the hook of an observer's callback: its selector, and what its events are about. */
  callbackHook(selector: string, type: NotificationType): NativeHooked {
    let hook = this.callbackHooks.get(selector);
    if (hook === undefined) this.callbackHooks.set(selector, (hook = new CallbackHook(selector, type)));
    return { callbacks: this.callback, data: hook.memory };
  }

  /** Whether a thread is inside our code now. */
  get busy(): boolean {
    return this.countInside() !== 0;
  }

  /** Take the app's images: `imageTable` of app_images. */
  refreshImages(table: NativePointer): void {
    publish(this.control.add(CONTROL.images), table);
  }

  /** Have `onWake` called with the next event; returns whether one has come since the last drain. */
  sleep(): boolean {
    return this.fallAsleep() !== 0;
  }

  get next(): number {
    return this.number(CONTROL.ticket);
  }

  get first(): number {
    return this.number(CONTROL.tail);
  }

  get lost(): number {
    return this.number(CONTROL.lost);
  }

  claim(): number {
    return this.claimOwn();
  }

  drop(): void {
    this.dropOwn();
  }

  drain(place: Place | null): Piece {
    this.words[CONTROL.segment / 4] = place?.segment ?? 0;
    if (place !== null) {
      this.control.add(CONTROL.shift).writeS64(place.shift);
      this.control.add(CONTROL.since).writeU64(place.since);
    }
    this.drainOnce();
    const count = this.words[CONTROL.count / 4]!;
    for (let i = 0; i !== this.words[CONTROL.freshCount / 4]!; i++) this.onStack(this.fresh.add(i * 4).readU32());
    const bytes = this.out.readByteArray(this.words[CONTROL.bytes / 4]!)!;
    const more = this.words[CONTROL.more / 4]!;
    const placed = (more & DRAINED.loose) === 0;
    return { first: this.number(CONTROL.first), count, bytes, placed, own: this.words[CONTROL.own / 4]!, more: (more & DRAINED.more) !== 0 };
  }

  private readonly addKind: (cls: NativePointer, yes: number) => number;

  private learnClass(cls: NativePointer): number {
    try {
      const [, kind] = Object.entries(KINDS).find(([name]) => (name === "NSBlock" ? isKind : isAskable)(cls, name)) ?? ["", 0];
      return this.addKind(cls, className(cls) === "" ? 0 : kind);
    } catch {
      return 0; // what had this class is no object
    }
  }

  private number(place: number): number {
    return this.words[place / 4]! + this.words[place / 4 + 1]! * 2 ** 32;
  }

  private keep<T>(one: T): T {
    this.kept.push(one);
    return one;
  }
}

let fastPath: FastPath | null | undefined;
let reason = "";

/** Return the fast path of this process; null where it cannot be compiled. Compiled once, for one agent after the other. */
export function openFastPath(stackHere: NativePointer | null, origins: NativeOrigins | null): FastPath | null {
  if (fastPath === undefined) {
    try {
      if (origins === null) throw new Error(originsProblem());
      fastPath = new FastPath(stackHere, origins);
    } catch (problem) {
      fastPath = null;
      reason = problem instanceof Error ? problem.message : String(problem);
    }
  }
  return fastPath;
}

export function fastPathProblem(): string {
  return reason;
}
