// The plain probes: a call is an access.
import { begin, type CallScope, emitReturn, end, isKept, stamp } from "../call_scope.js";
import { callerOf } from "../callers.js";
import type { OwnBlock } from "../objc/blocks.js";
import type { Recording } from "../recording.js";
import { assetOf, depthOf, detailReader } from "./argument_decoding.js";
import type { Probe } from "./catalogue/types.js";
import { type CompletionBlocks, letAllGo } from "./completion_blocks.js";
import type { Hook } from "./hook.js";

/** Return the asset that a call is about, or null; undefined where the call is no event. */
export type FindAsset = (args: InvocationArguments) => string | null | undefined;

export function accessHook(recording: Recording, completionBlocks: CompletionBlocks, probe: Probe, findAsset?: FindAsset): Hook {
  const { decode, symbol, timed, funnel } = probe;
  const { asset, handlers, unless } = decode;
  const readDetail = detailReader(decode);
  return {
    enter(context, args) {
      if (unless !== undefined && args[unless.at]!.toInt32() === unless.is) return;
      const found = findAsset?.(args);
      if (findAsset !== undefined && found === undefined) return;
      const scope = begin(recording, context);
      context["scope"] = scope;
      if (!isKept(recording, scope)) return;
      const caller = callerOf(context);
      const internal = scope.internal || (funnel && caller === null);
      if (internal && !recording.options.internal) return;
      const stack = recording.stacks.here();
      const at = stamp(scope, timed);
      const detail = readDetail(context, args);
      const hash = asset === undefined ? (found ?? null) : assetOf(recording, args[asset]!);
      const { tid, cause, resumedBy } = scope;
      scope.of = recording.emit({
        kind: "access", at, tid, depth: depthOf(probe, detail), symbol, detail, asset: hash,
        ...(resumedBy === null ? {} : { resumed_by: resumedBy }), cause, caller, stack, ...(internal ? { internal } : {}),
      });
      if (handlers !== undefined && !internal) context["blocks"] = completionBlocks.expect(args, handlers, scope);
    },
    leave(context) {
      const scope = context["scope"] as CallScope | undefined;
      if (scope === undefined) return;
      emitReturn(recording, scope);
      end(recording, scope);
      letAllGo(context["blocks"] as OwnBlock[] | undefined);
    },
  };
}
