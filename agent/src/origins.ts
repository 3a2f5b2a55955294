// Origins: events in whose handling acts run. The one place that opens and closes such a handling on a thread.
import { beginApp, type CallScope, end } from "./call_scope.js";
import type { DispatchTracking } from "./probes/dispatch_tracking.js";
import type { Recording } from "./recording.js";

export class Origins {
  constructor(
    private readonly recording: Recording,
    private readonly dispatchTracking: DispatchTracking,
  ) {}

  /** Enter the handling of an origin: until `leave`, what the thread does and hands on has it as its cause. */
  enter(tid: number, origin: number): CallScope {
    const scope = beginApp(this.recording, tid, origin);
    this.dispatchTracking.enter(tid);
    return scope;
  }

  leave(scope: CallScope): void {
    this.dispatchTracking.leave(scope.tid);
    end(this.recording, scope);
  }

  /** As `enter`, for a call that was entered already: it turned out to be an origin, or part of the handling of one. */
  adopt(scope: CallScope, origin: number): void {
    this.recording.nesting.because(scope.tid, scope.frame, origin);
    this.dispatchTracking.enter(scope.tid);
  }
}
