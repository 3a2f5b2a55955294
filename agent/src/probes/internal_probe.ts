// Private code of Photos beside the app's own calls: told with `record --internal` only, marked, and counted nowhere.
import { begin, end, type CallScope } from "../call_scope.js";
import { now } from "../clock.js";
import type { Recording } from "../recording.js";
import type { Probe } from "./catalogue/types.js";
import { assetOf, detailReader } from "./argument_decoding.js";
import type { Hook } from "./hook.js";

export const INTERNAL_DISABLED = "a witness inside Photos, which tells nothing of its own: hooked with record --internal";

/** A change that goes round has no receiver yet: its observer is null. */
export function internalProbeHook(recording: Recording, { symbol, depth, decode }: Probe): Hook {
  const readDetail = detailReader(decode);
  return {
    enter(context, args) {
      const scope = begin(recording, context);
      context["scope"] = scope;
      const { tid, cause } = scope;
      const said = { at: now(), tid, stack: recording.stacks.here(), internal: true } as const;
      if (depth === "notification") recording.emit({ kind: "notification", ...said, observer: null, change: null, type: "change" });
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
