// Work that a callback submits: to a queue, for later, to an operation. What it reads then has the callback as its cause.
//
// Apps dispatch all the time, so the hooks are compiled: they return at once unless the calling thread is inside a
// callback, or inside work that a callback submitted.
import { siteOf } from "../callers.js";
import { now } from "../clock.js";
import { compile, findExport } from "../native.js";
import { classOf, findMethod, lookUpClass } from "../objc/runtime.js";
import type { NativeOrigins } from "../origins/origins.js";
import type { Recording } from "../recording.js";
import type { CompletionBlocks } from "./completion_blocks.js";

interface Submitter {
  readonly symbol: string;
  /** The argument that is the block, or the context of a function. */
  readonly at: number;
  /** The argument that is the function, for functions with a context. */
  readonly work?: number;
}

// Source: dispatch/queue.h, dispatch/group.h, NSOperation.h.
const SUBMITTERS: readonly Submitter[] = [
  { symbol: "dispatch_async", at: 1 },
  { symbol: "dispatch_after", at: 2 },
  { symbol: "dispatch_barrier_async", at: 1 },
  { symbol: "dispatch_group_async", at: 2 },
  { symbol: "dispatch_async_f", at: 1, work: 2 },
  { symbol: "dispatch_after_f", at: 2, work: 3 },
  { symbol: "dispatch_group_async_f", at: 2, work: 3 },
  { symbol: "-[NSOperationQueue addOperationWithBlock:]", at: 2 },
  { symbol: "+[NSBlockOperation blockOperationWithBlock:]", at: 2 },
  { symbol: "-[NSBlockOperation addExecutionBlock:]", at: 2 },
];

const PROBE = "handoff";

const SOURCE = `
#include <gum/guminterceptor.h>
#define RETURN_ADDRESS ${Process.arch === "arm64" ? "((gpointer) ic->cpu_context->lr)" : "(*(gpointer *) ic->cpu_context->rsp)"}
extern volatile gint origins; /* how many are in force: the first member */
extern guint64 origin_here (gsize sp);
#define STACK_POINTER ((gsize) ic->cpu_context->${Process.arch === "arm64" ? "sp" : "rsp"})
extern gpointer follow (double cause, gpointer from, gpointer object, gpointer work);
static void submit (GumInvocationContext * ic, guint at, guint work) {
  gpointer object, replacement;
  guint64 cause = origins == 0 ? 0 : origin_here (STACK_POINTER);
  if (cause == 0) return;
  object = gum_invocation_context_get_nth_argument (ic, at);
  replacement = follow ((double) (gint64) cause, RETURN_ADDRESS, object,
                        work == 0 ? NULL : gum_invocation_context_get_nth_argument (ic, work));
  if (replacement != object) gum_invocation_context_replace_nth_argument (ic, at, replacement);
}
${SUBMITTERS.map((submitter, i) => `void enter_${i} (GumInvocationContext * ic) { submit (ic, ${submitter.at}, ${submitter.work ?? 0}); }`).join("\n")}
`;

export class DispatchTracking {
  private readonly listeners: InvocationListener[] = [];
  private callback: NativeCallback<"pointer", ["double", "pointer", "pointer", "pointer"]> | null = null;

  constructor(
    private readonly recording: Recording,
    private readonly completionBlocks: CompletionBlocks,
  ) {}

  start(origins: NativeOrigins | null): void {
    this.callback = new NativeCallback((cause, from, object, work) => this.submitted(cause, from, object, work), "pointer", ["double", "pointer", "pointer", "pointer"]);
    let module: CModule | null = null;
    let reason = "";
    if (origins === null) reason = "this process cannot compile C, and a slower hook would cost the app too much";
    else module = compile(SOURCE, { origins: origins.control, origin_here: origins.symbols["origin_here"]!, follow: this.callback });
    SUBMITTERS.forEach((submitter, i) => this.attach(submitter, module?.[`enter_${i}`] ?? null, reason));
  }

  stop(): void {
    for (const listener of this.listeners.splice(0)) listener.detach();
  }

  private attach({ symbol }: Submitter, enter: NativePointer | null, problem: string): void {
    let reason: string | null = enter === null ? problem : null;
    const address = addressOf(symbol);
    if (address === null) reason = `this process has no ${symbol}`;
    if (address !== null && enter !== null) {
      try {
        // A probe, not a pair of callbacks: half the cost, and no trap at the return. It has no return address.
        this.listeners.push(Interceptor.attach(address, enter as never));
      } catch (failure) {
        reason = `it cannot be hooked: ${failure instanceof Error ? failure.message : String(failure)}`;
      }
    }
    const status = reason === null ? "installed" : "skipped";
    this.recording.emit({ kind: "hook", at: now(), tid: null, probe: PROBE, symbol, status, reason });
  }

  /** Return what to submit in place of `object`. */
  private submitted(cause: number, from: NativePointer, object: NativePointer, work: NativePointer): NativePointer {
    try {
      // What a framework submits inside the callback is not the app's.
      if (!this.recording.running || siteOf(from).foreign) return object;
      return work.isNull()
        ? this.completionBlocks.followBlock(object, cause)
        : this.completionBlocks.followFunction(work, object, cause);
    } catch (problem) {
      this.recording.fault("submitted work", problem);
      return object;
    }
  }
}

function addressOf(symbol: string): NativePointer | null {
  const match = /^([+-])\[(\S+) (\S+)\]$/.exec(symbol);
  if (match === null) return findExport(symbol, "libdispatch.dylib");
  const cls = lookUpClass(match[2]!);
  if (cls === null) return null;
  return findMethod(match[1] === "+" ? classOf(cls) : cls, match[3]!)?.address ?? null;
}
