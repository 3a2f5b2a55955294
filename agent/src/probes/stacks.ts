// A stack becomes an event the first time it is met, and a number from then on.
import { stackOf } from "../callers.js";
import { now } from "../clock.js";
import type { Session } from "../session.js";

export function emitStack(session: Session, tid: number, context: CpuContext): number | null {
  const stack = stackOf(context);
  if (stack === null) return null;
  if (stack.fresh !== null) session.emit({ kind: "stack", at: now(), tid, id: stack.id, frames: stack.fresh });
  return stack.id;
}
