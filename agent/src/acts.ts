// One hooked call: whose it is, in which notification it happens, and when it is over.
import { siteOf } from "./callers.js";
import { lastCpuNs, elapsedNs, now, nowWithCpu } from "./clock.js";
import type { Frame } from "./nesting.js";
import type { At } from "./protocol.js";
import type { Session } from "./session.js";

export interface Act {
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
export function begin(session: Session, context: InvocationContext): Act {
  const tid = context.threadId;
  const top = session.nesting.top(tid);
  const cause = top === null ? null : top.cause;
  // Code of the app that runs inside a framework's call, such as a block, is the app again: its own image calls.
  const internal = top !== null && top.owner === "framework" && siteOf(context.returnAddress).foreign;
  const act: Act = { frame: { owner: "framework", cause }, tid, cause, internal, of: 0, at: null, cpuNs: 0 };
  session.nesting.push(tid, act.frame);
  return act;
}

/** Enter code of the app that a framework calls. `cause`: the notification that this is, or is part of. */
export function beginApp(session: Session, tid: number, cause: number | null): Act {
  const act: Act = { frame: { owner: "app", cause }, tid, cause, internal: false, of: 0, at: null, cpuNs: 0 };
  session.nesting.push(tid, act.frame);
  return act;
}

export function end(session: Session, act: Act): void {
  session.nesting.pop(act.tid, act.frame);
}

export function isKept(session: Session, act: Act): boolean {
  return !act.internal || session.options.internal;
}

/** Read the clocks for an act's event, with the thread's CPU time where its return is to be told. */
export function stamp(act: Act, timed: boolean): At {
  if (!timed) return now();
  act.at = nowWithCpu();
  act.cpuNs = lastCpuNs();
  return act.at;
}

/** Tell how long an act took, where it was stamped for that. */
export function emitReturn(session: Session, act: Act): void {
  if (act.at === null || act.of === 0) return;
  const at = nowWithCpu();
  const cpuNs = lastCpuNs() - act.cpuNs;
  session.emit({ kind: "return", at, tid: act.tid, of: act.of, duration_ns: elapsedNs(act.at, at), cpu_ns: cpuNs });
}
