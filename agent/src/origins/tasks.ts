// Swift's tasks: what a task that was made because of an origin does, has that origin. See tasks_c.ts.
//
// Source: swiftlang/swift, Runtime/Concurrency.h and stdlib/public/Concurrency/AsyncStream.swift; exported names as in Apple's SDKs.
import { now } from "../clock.js";
import { compile, LEAF, needExport } from "../native.js";
import type { Recording } from "../recording.js";
import { CONTROL } from "./layout.js";
import type { NativeOrigins } from "./origins.js";
import { TASKS_BYTES, TASKS_C } from "./tasks_c.js";

/** In usr/lib/swift, or in the app's bundle where the app is for iOS before 15. */
const LIBRARY = "libswift_Concurrency.dylib";
const PROBE = "handoff";

interface TaskHook {
  readonly symbol: string;
  /** Functions of tasks_c.ts. */
  readonly enter: string;
  readonly leave?: string;
  /** Without it, causes are lost; the others say what else is known of a task. */
  readonly required?: true;
  /** Needed only where the runtime gives tasks no numbers. */
  readonly beforeNumbers?: true;
}

const HOOKS: readonly TaskHook[] = [
  { symbol: "swift_task_create", enter: "create_enter", leave: "create_leave", required: true },
  { symbol: "swift_task_enqueueGlobal", enter: "enqueue", beforeNumbers: true },
  { symbol: "swift_task_enqueueMainExecutor", enter: "enqueue", beforeNumbers: true },
  { symbol: "swift_task_enqueueOnDispatchQueue", enter: "enqueue", beforeNumbers: true },
  { symbol: "swift_defaultActor_enqueue", enter: "enqueue", beforeNumbers: true },
  { symbol: "swift_continuation_resume", enter: "resume" },
  { symbol: "swift_continuation_throwingResume", enter: "resume" },
  { symbol: "swift_continuation_throwingResumeWithError", enter: "resume" },
  { symbol: "swift_task_future_wait", enter: "future_wait" },
  { symbol: "swift_task_future_wait_throwing", enter: "future_wait" },
  // AsyncStream.Continuation.yield(_:), AsyncThrowingStream.Continuation.yield(_:)
  { symbol: "$sScS12ContinuationV5yieldyAB11YieldResultOyx__GxnF", enter: "yield_enter", leave: "yield_leave" },
  { symbol: "$sScs12ContinuationV5yieldyAB11YieldResultOyxq___GxnF", enter: "yield_enter", leave: "yield_leave" },
];

type Code = Readonly<Record<string, NativePointer>>;

/** Compiled once, for one agent after the other. */
let code: Code | null = null;

function compiled(origins: NativeOrigins, library: Module): Code {
  if (code !== null) return code;
  const current = library.getExportByName("swift_task_getCurrent");
  const { origin_here, resumed_by_here, escaped } = origins.symbols as Code;
  const module = compile(TASKS_C, {
    tasks: Memory.alloc(TASKS_BYTES), origins: origins.control, origin_here: origin_here!, resumed_by_here: resumed_by_here!, escaped: escaped!, usleep: needExport("usleep"),
  }) as unknown as Code;
  const prepare = new NativeFunction(module["prepare"]!, "void", ["pointer", "pointer"], LEAF);
  prepare(current, library.findExportByName("swift_task_getJobTaskId") ?? NULL);
  return (code = module);
}

export class TaskTracking {
  private readonly listeners: InvocationListener[] = [];
  private over = false;

  constructor(
    private readonly recording: Recording,
    private readonly origins: NativeOrigins | null,
  ) {}

  /** Hook an image if it is the runtime of Swift's tasks. */
  look(library: Module): void {
    if (this.over || library.name !== LIBRARY || this.listeners.length !== 0) return;
    const numbered = library.findExportByName("swift_task_getJobTaskId") !== null;
    const hooks = HOOKS.filter(({ beforeNumbers }) => beforeNumbers !== true || !numbered);
    try {
      if (this.origins === null) throw new Error("this process cannot compile C, and a slower hook would cost the app too much");
      const parts = compiled(this.origins, library);
      new NativeFunction(parts["clear"]!, "void", [], LEAF)();
      const { control } = this.origins;
      control.add(CONTROL.originOfTask).writePointer(parts["origin_of_task"]!);
      control.add(CONTROL.resumedByOfTask).writePointer(parts["resumed_by_of_task"]!);
      control.add(CONTROL.currentTask).writePointer(library.getExportByName("swift_task_getCurrent"));
      for (const hook of hooks) this.attach(hook, library, parts);
      Interceptor.flush();
    } catch (problem) {
      for (const { symbol } of hooks) this.report(symbol, problem instanceof Error ? problem.message : String(problem));
    }
  }

  stop(): void {
    this.over = true;
    for (const listener of this.listeners.splice(0)) listener.detach();
    if (this.origins === null) return;
    const { control } = this.origins;
    for (const at of [CONTROL.currentTask, CONTROL.originOfTask, CONTROL.resumedByOfTask]) control.add(at).writePointer(NULL);
  }

  private attach({ symbol, enter, leave }: TaskHook, library: Module, parts: Code): void {
    const address = library.findExportByName(symbol);
    if (address === null) return this.report(symbol, `this version of Swift has no ${symbol}`);
    try {
      const callbacks = leave === undefined ? parts[enter]! : { onEnter: parts[enter]!, onLeave: parts[leave]! };
      this.listeners.push(Interceptor.attach(address, callbacks as never));
      this.report(symbol, null);
    } catch (problem) {
      this.report(symbol, `it cannot be hooked: ${problem instanceof Error ? problem.message : String(problem)}`);
    }
  }

  private report(symbol: string, reason: string | null): void {
    const status = reason === null ? "installed" : "skipped";
    this.recording.emit({ kind: "hook", at: now(), tid: null, probe: PROBE, symbol, status, reason });
  }
}
