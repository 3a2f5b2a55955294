// One hooked call: whose it is, because of which origin it happens, and when it is over.
import { siteOf } from "./callers.js";
import { elapsedNs, lastCpuNs, now, nowWithCpu } from "./clock.js";
import type { Frame } from "./nesting.js";
import type { At } from "./protocol.js";
import type { Recording } from "./recording.js";

export interface CallScope {
  readonly frame: Frame;
  readonly tid: number;
  /** The number of the origin in whose handling this happens. */
  readonly cause: number | null;
  /** The number of the origin with whose value the task that acts here went on: no cause. */
  readonly resumedBy: number | null;
  /** A framework made this call inside another hooked call: it is not the app's. */
  readonly internal: boolean;
  /** The event's number, once there is one. */
  of: number;
  at: At | null;
  cpuNs: number;
  /** What to leave at the end: the origin that this call has put in force. */
  origin: number | null;
}

/** Enter a framework's method. */
export function begin(recording: Recording, context: InvocationContext): CallScope {
  const tid = context.threadId;
  const top = recording.nesting.top(tid);
  // Code of the app that runs inside a framework's call, such as a block, is the app again: its own image calls.
  const internal = top !== null && top.owner === "framework" && siteOf(context.returnAddress).foreign;
  return enter(recording, tid, "framework", internal);
}

/** Enter code of the app that a framework calls. */
export function beginApp(recording: Recording, tid: number): CallScope {
  return enter(recording, tid, "app", false);
}

function enter(recording: Recording, tid: number, owner: Frame["owner"], internal: boolean): CallScope {
  const cause = recording.origins.here(tid);
  const resumedBy = recording.origins.resumedBy();
  const scope: CallScope = { frame: { owner }, tid, cause, resumedBy, internal, of: 0, at: null, cpuNs: 0, origin: null };
  recording.nesting.push(tid, scope.frame);
  return scope;
}

/** Until the call is over, this thread acts because of the event with this number. */
export function actBecauseOf(recording: Recording, scope: CallScope, number: number): void {
  scope.origin = recording.origins.enter(scope.tid, number);
}

export function end(recording: Recording, scope: CallScope): void {
  if (scope.origin !== null) recording.origins.leave(scope.tid, scope.origin);
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
