// What a probe does at its method, and the Interceptor's callbacks for it.
import type { Recording } from "../recording.js";

export interface Hook {
  enter(context: InvocationContext, args: InvocationArguments): void;
  leave?(context: InvocationContext, result: InvocationReturnValue): void;
}

/** A hook in C, and the parameters that it is given. */
export interface NativeHooked {
  readonly callbacks: NativeInvocationListenerCallbacks;
  readonly data: NativePointer;
}

/** Return the Interceptor's callbacks for a hook: our own errors are reported, never thrown into the app. */
export function callbacks(recording: Recording, place: string, hook: Hook): ScriptInvocationListenerCallbacks {
  const { leave } = hook;
  return {
    onEnter(args) {
      if (!recording.running) return;
      try {
        hook.enter(this, args);
      } catch (problem) {
        recording.fault(place, problem);
      }
    },
    // Where it is not wanted, the return address stays the caller's.
    ...(leave === undefined ? {} : {
      onLeave(result: InvocationReturnValue) {
        try {
          leave.call(hook, this as unknown as InvocationContext, result);
        } catch (problem) {
          recording.fault(place, problem);
        }
      },
    }),
  };
}
