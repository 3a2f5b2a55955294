// Private code inside Photos that runs because of the app's calls: recorded with `record --internal` only, marked, and never counted.
import { begin, type CallScope, end } from "../call_scope.js";
import { now } from "../clock.js";
import type { Recording } from "../recording.js";
import { assetOf, detailReader } from "./argument_decoding.js";
import type { Probe } from "./catalogue/types.js";
import type { Hook } from "./hook.js";

export const INTERNAL_DISABLED = "this is internal to Photos and shows no access of its own: hooked with record --internal";

/** A change that is being distributed has no receiver yet: its observer is null. */
export function internalProbeHook(recording: Recording, { symbol, depth, decode }: Probe): Hook {
  const readDetail = detailReader(decode);
  return {
    enter(context, args) {
      const scope = begin(recording, context);
      context["scope"] = scope;
      const { tid, cause } = scope;
      const said = { at: now(), tid, stack: recording.stacks.here(), internal: true } as const;
      if (depth === "notification") recording.emit({ kind: "notification", ...said, observer: null, change: null, type: "change", cause });
      else {
        const detail = readDetail(context, args);
        const asset = decode.asset === undefined ? null : assetOf(recording, args[decode.asset]!);
        recording.emit({ kind: "access", ...said, depth: depth!, symbol, detail, asset, cause, caller: null });
      }
    },
    leave(context) {
      const scope = context["scope"] as CallScope | undefined;
      if (scope !== undefined) end(recording, scope);
    },
  };
}
