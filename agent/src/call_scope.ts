// One hooked call: whose it is, in which notification it happens, and when it is over.
import { siteOf } from "./callers.js";
import { elapsedNs, lastCpuNs, now, nowWithCpu } from "./clock.js";
import type { Frame } from "./nesting.js";
import type { At } from "./protocol.js";
import type { Recording } from "./recording.js";

export interface CallScope {
  readonly frame: Frame;
  readonly tid: number;
  readonly cause: number | null;
  /** A framework made this call inside another hooked call: it is not the app's. */
  readonly internal: boolean;
  /** The event's number, once there is one. */
  of: number;
  at: At | null;
  cpuNs: number;
}

/** Enter a framework's method. */
export function begin(recording: Recording, context: InvocationContext): CallScope {
  const tid = context.threadId;
  const top = recording.nesting.top(tid);
  const cause = top === null ? null : top.cause;
  // Code of the app that runs inside a framework's call, such as a block, is the app again: its own image calls.
  const internal = top !== null && top.owner === "framework" && siteOf(context.returnAddress).foreign;
  const scope: CallScope = { frame: { owner: "framework", cause }, tid, cause, internal, of: 0, at: null, cpuNs: 0 };
  recording.nesting.push(tid, scope.frame);
  return scope;
}

/** Enter code of the app that a framework calls. `cause`: the notification that this is, or is part of. */
export function beginApp(recording: Recording, tid: number, cause: number | null): CallScope {
  const scope: CallScope = { frame: { owner: "app", cause }, tid, cause, internal: false, of: 0, at: null, cpuNs: 0 };
  recording.nesting.push(tid, scope.frame);
  return scope;
}

export function end(recording: Recording, scope: CallScope): void {
  recording.nesting.pop(scope.tid, scope.frame);
}

export function isKept(recording: Recording, scope: CallScope): boolean {
  return !scope.internal || recording.options.internal;
}

/** Read the clocks for a call's event, with the thread's CPU time where its return is recorded too. */
export function stamp(scope: CallScope, timed: boolean): At {
  if (!timed) return now();
  scope.at = nowWithCpu();
  scope.cpuNs = lastCpuNs();
  return scope.at;
}

/** Emit how long a call took, where it was stamped for that. */
export function emitReturn(recording: Recording, scope: CallScope): void {
  if (scope.at === null || scope.of === 0) return;
  const at = nowWithCpu();
  const cpuNs = lastCpuNs() - scope.cpuNs;
  recording.emit({ kind: "return", at, tid: scope.tid, of: scope.of, duration_ns: elapsedNs(scope.at, at), cpu_ns: cpuNs });
}
