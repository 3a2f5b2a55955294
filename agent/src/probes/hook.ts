// What a probe does at its method, and the Interceptor's callbacks for it.
import type { Recording } from "../recording.js";

export interface Hook {
  enter(context: InvocationContext, args: InvocationArguments): void;
  leave?(context: InvocationContext, result: InvocationReturnValue): void;
}

/** Return the Interceptor's callbacks for a hook: our own errors are reported, never thrown into the app. */
export function callbacks(recording: Recording, place: string, hook: Hook): ScriptInvocationListenerCallbacks {
  return {
    onEnter(args) {
      if (!recording.running) return;
      try {
        hook.enter(this, args);
      } catch (problem) {
        recording.fault(place, problem);
      }
    },
    onLeave(result) {
      try {
        hook.leave?.(this, result);
      } catch (problem) {
        recording.fault(place, problem);
      }
    },
  };
}
