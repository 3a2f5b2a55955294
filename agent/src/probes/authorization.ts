// Permission: read, asked, answered.
import { begin, type CallScope, end, isKept } from "../call_scope.js";
import { callerOf } from "../callers.js";
import { now } from "../clock.js";
import type { OwnBlock } from "../objc/blocks.js";
import type { Level, Status } from "../protocol.js";
import type { Recording } from "../recording.js";
import type { Probe } from "./catalogue/types.js";
import { type CompletionBlocks, letAllGo } from "./completion_blocks.js";
import type { Hook } from "./hook.js";

// Source: PHPhotoLibrary.h.
const STATUSES: readonly Status[] = ["not-determined", "restricted", "denied", "authorized", "limited"];
const ADD_ONLY = 1;

function statusOf(value: NativePointer): Status | null {
  return STATUSES[value.toInt32()] ?? null;
}

function levelOf(probe: Probe, args: InvocationArguments): Level {
  const at = probe.decode.level;
  return at !== undefined && args[at]!.toInt32() === ADD_ONLY ? "add-only" : "read-write";
}

const marked = (scope: CallScope): { internal?: true } => (scope.internal ? { internal: true } : {});

/** The app looks at what it is allowed to do. */
export function statusHook(recording: Recording, probe: Probe): Hook {
  const { symbol } = probe;
  return {
    enter(context, args) {
      const scope = begin(recording, context);
      context["scope"] = scope;
      if (!isKept(recording, scope)) return;
      context["level"] = levelOf(probe, args);
      context["caller"] = callerOf(context);
      context["stack"] = recording.stacks.here();
    },
    leave(context, result) {
      const scope = context["scope"] as CallScope | undefined;
      if (scope === undefined) return;
      end(recording, scope);
      if (!isKept(recording, scope)) return;
      const { tid, cause } = scope;
      recording.emit({
        kind: "authorization", at: now(), tid, symbol, action: "read", level: context["level"], status: statusOf(result),
        cause, caller: context["caller"], stack: context["stack"], ...marked(scope),
      });
    },
  };
}

/** The app asks for permission, and hears the answer. */
export function askHook(recording: Recording, completionBlocks: CompletionBlocks, probe: Probe): Hook {
  const { symbol } = probe;
  const handler = probe.decode.handlers![0]!;
  return {
    enter(context, args) {
      const scope = begin(recording, context);
      context["scope"] = scope;
      if (!isKept(recording, scope)) return;
      const level = levelOf(probe, args);
      const { tid, cause } = scope;
      const stack = recording.stacks.here();
      const caller = callerOf(context);
      const asked = { kind: "authorization", symbol, level } as const;
      recording.emit({ ...asked, at: now(), tid, action: "asked", status: null, cause, caller, stack, ...marked(scope) });
      context["blocks"] = completionBlocks.follow(args, handler.at, (answering, given) => {
        const status = statusOf(given[handler.status!]!);
        recording.emit({ ...asked, at: now(), tid: answering, action: "answered", status, cause: null, caller, stack: null, ...marked(scope) });
      }, cause);
    },
    leave(context) {
      const scope = context["scope"] as CallScope | undefined;
      if (scope !== undefined) end(recording, scope);
      letAllGo(context["blocks"] as OwnBlock[] | undefined);
    },
  };
}
