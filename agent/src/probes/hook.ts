// What a probe does at its method, and how it is put there.
import type { Recording } from "../recording.js";

export interface Hook {
  enter(context: InvocationContext, args: InvocationArguments): void;
  leave?(context: InvocationContext, result: InvocationReturnValue): void;
}

/** The Interceptor's callbacks for a hook: our own errors are told, never thrown into the app. */
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
