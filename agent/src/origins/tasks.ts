// Swift's tasks: what a task that was made because of an origin does, has that origin. See tasks_c.ts.
//
// Source: swiftlang/swift, include/swift/Runtime/Concurrency.h and stdlib/public/Concurrency/AsyncStream.swift; the names are
// exported by Apple's runtime from iOS 15, swift_task_getJobTaskId from iOS 17 (SDKs' libswift_Concurrency.tbd).
import { now } from "../clock.js";
import { compile, LEAF, needExport } from "../native.js";
import { openReplacements } from "../native_hooks/replace.js";
import { publish } from "../publishing.js";
import { Attachments } from "../probes/attach.js";
import type { HookCode } from "../protocol.js";
import { LEFT_OUT, type Recording } from "../recording.js";
import { CONTROL } from "./layout.js";
import type { NativeOrigins } from "./origins.js";
import { REPLACED, TASKS_BYTES, tasksC } from "./tasks_c.js";

/** In usr/lib/swift, or in the app's bundle where the app is for iOS before 15. */
const LIBRARY = "libswift_Concurrency.dylib";
const PROBE = "handoff";
const NUMBERS = "swift_task_getJobTaskId";

interface TaskHook {
  readonly symbol: string;
  /** Functions of tasks_c.ts. */
  readonly enter: string;
  readonly leave?: string;
  /** Needed only where the runtime gives tasks no numbers. */
  readonly beforeNumbers?: true;
}

const HOOKS: readonly TaskHook[] = [
  { symbol: "swift_task_create", enter: "create_enter", leave: "create_leave" },
  { symbol: "swift_task_enqueueGlobal", enter: "enqueue", beforeNumbers: true },
  { symbol: "swift_task_enqueueMainExecutor", enter: "enqueue", beforeNumbers: true },
  { symbol: "swift_task_enqueueOnDispatchQueue", enter: "enqueue", beforeNumbers: true },
  { symbol: "swift_defaultActor_enqueue", enter: "enqueue", beforeNumbers: true },
  { symbol: "swift_continuation_resume", enter: "resume" },
  { symbol: "swift_continuation_throwingResume", enter: "resume" },
  { symbol: "swift_continuation_throwingResumeWithError", enter: "resume" },
  // These two are async functions, and the last two have arguments in Swift's own registers: listeners keep all of them.
  { symbol: "swift_task_future_wait", enter: "future_wait" },
  { symbol: "swift_task_future_wait_throwing", enter: "future_wait" },
  // AsyncStream.Continuation.yield(_:), AsyncThrowingStream.Continuation.yield(_:)
  { symbol: "$sScS12ContinuationV5yieldyAB11YieldResultOyx__GxnF", enter: "yield_enter", leave: "yield_leave" },
  { symbol: "$sScs12ContinuationV5yieldyAB11YieldResultOyxq___GxnF", enter: "yield_enter", leave: "yield_leave" },
];

type Code = Readonly<Record<string, NativePointer>>;

/** The C of this process, once for one agent after the other: it keeps the threads' keys and the table. */
class Compiled {
  readonly slot = openReplacements().reserve(REPLACED.length);
  readonly code: Code;
  readonly clear: () => void;
  /** Whether functions that return two pointers can be replaced: the compiler in the app might return them in another way. */
  readonly pairs: boolean;
  private readonly prepare: (current: NativePointer, numberOf: NativePointer) => void;

  constructor(origins: NativeOrigins) {
    const own = { tasks: Memory.alloc(TASKS_BYTES), usleep: needExport("usleep") };
    this.code = compile(tasksC(this.slot), { ...origins.symbols, ...openReplacements().symbols, ...own }) as unknown as Code;
    this.prepare = new NativeFunction(this.code["prepare"]!, "void", ["pointer", "pointer"], LEAF) as never;
    this.clear = new NativeFunction(this.code["clear"]!, "void", [], LEAF) as never;
    const through = new NativeFunction(this.code["pair_through"]!, ["pointer", "pointer"], ["pointer", "size_t", "pointer"], LEAF) as unknown as (f: NativePointer, one: number, last: NativePointer) => NativePointer[];
    const [one, last] = through(this.code["pair_of"]!, 0x1234, ptr("0x5678"));
    this.pairs = one?.equals(ptr("0x1234")) === true && last?.equals(ptr("0x5678")) === true;
  }

  use(library: Module, numbered: boolean): void {
    this.prepare(library.getExportByName("swift_task_getCurrent"), numbered ? library.getExportByName(NUMBERS) : NULL);
  }
}

let compiled: Compiled | undefined;

export class TaskTracking {
  private readonly listeners = new Attachments();
  private state: "absent" | "hooked" | "over" = "absent";

  constructor(
    private readonly recording: Recording,
    private readonly origins: NativeOrigins | null,
  ) {}

  /** Hook an image if it is the runtime of Swift's tasks; it may come at any time. */
  look(library: Module): void {
    if (this.state !== "absent" || library.name !== LIBRARY) return;
    this.state = "hooked";
    const numbered = library.findExportByName(NUMBERS) !== null;
    const hooks = HOOKS.filter(({ beforeNumbers }) => beforeNumbers !== true || !numbered);
    if (this.recording.leavesOut(PROBE)) {
      for (const { symbol } of hooks) this.report(symbol, "skipped", LEFT_OUT, "left-out");
      return;
    }
    try {
      if (this.origins === null) throw new Error("this process cannot compile C, and a slower hook would cost the app too much");
      compiled ??= new Compiled(this.origins);
      compiled.clear();
      compiled.use(library, numbered);
      const { control } = this.origins;
      publish(control.add(CONTROL.originOfTask), compiled.code["origin_of_task"]!);
      publish(control.add(CONTROL.resumedByOfTask), compiled.code["resumed_by_of_task"]!);
      publish(control.add(CONTROL.currentTask), library.getExportByName("swift_task_getCurrent"));
      for (const hook of hooks) this.install(hook, library, compiled);
      Interceptor.flush();
    } catch (problem) {
      for (const { symbol } of hooks) this.report(symbol, "skipped", messageOf(problem));
    }
  }

  /** Take the listeners away; what is in the place of functions goes with the other replacements. */
  stop(): void {
    this.state = "over";
    this.listeners.stop();
  }

  /** Forget all tasks: nothing is hooked any more. */
  clear(): void {
    if (this.origins !== null) {
      const { control } = this.origins;
      for (const at of [CONTROL.currentTask, CONTROL.originOfTask, CONTROL.resumedByOfTask]) publish(control.add(at), NULL);
    }
    compiled?.clear();
  }

  private install({ symbol, enter, leave }: TaskHook, library: Module, { code, slot, pairs }: Compiled): void {
    const address = library.findExportByName(symbol);
    if (address === null) return this.report(symbol, "skipped", `this version of Swift has no ${symbol}`);
    let note: string | null = null;
    const place = REPLACED.indexOf(symbol as (typeof REPLACED)[number]);
    try {
      if (place >= 0) {
        try {
          if (symbol === "swift_task_create" && !pairs) throw new Error("the compiler in the app returns two pointers in another way");
          openReplacements().put(slot + place, address, code[`fast_${symbol}`]!);
          return this.report(symbol, "installed", null);
        } catch (problem) {
          note = `by a listener, which costs more: ${messageOf(problem)}`;
        }
      }
      const callbacks = leave === undefined ? code[enter]! : { onEnter: code[enter]!, onLeave: code[leave]! };
      this.listeners.attach(address, callbacks as never);
      this.report(symbol, "installed", note);
    } catch (problem) {
      this.report(symbol, "skipped", `it cannot be hooked: ${messageOf(problem)}`);
    }
  }

  private report(symbol: string, status: "installed" | "skipped", reason: string | null, code?: HookCode): void {
    const more = code === undefined ? {} : { code };
    this.recording.emit({ kind: "hook", at: now(), tid: null, probe: PROBE, symbol, status, reason, ...more });
  }
}

const messageOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));
