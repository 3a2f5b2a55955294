// Private code of Photos beside the app's own calls: told with `record --internal` only, marked, and counted nowhere.
import { begin, end, type Act } from "../acts.js";
import { now } from "../clock.js";
import type { Session } from "../session.js";
import type { Probe } from "./catalogue/types.js";
import { assetOf, detailReader } from "./decoding.js";
import type { Hook } from "./hook.js";

export const UNWANTED = "a witness inside Photos, which tells nothing of its own: hooked with record --internal";

/** A change that goes round has no receiver yet: its observer is null. */
export function witnessHook(session: Session, { symbol, depth, decode }: Probe): Hook {
  const readDetail = detailReader(decode);
  return {
    enter(context, args) {
      const act = begin(session, context);
      context["act"] = act;
      const { tid, cause } = act;
      const said = { at: now(), tid, stack: session.stacks.here(), internal: true } as const;
      if (depth === "notification") session.emit({ kind: "notification", ...said, observer: null, change: null, type: "change" });
      else {
        const detail = readDetail(context, args);
        const asset = decode.asset === undefined ? null : assetOf(session, args[decode.asset]!);
        session.emit({ kind: "access", ...said, depth: depth!, symbol, detail, asset, cause, caller: null });
      }
    },
    leave(context) {
      const act = context["act"] as Act | undefined;
      if (act !== undefined) end(session, act);
    },
  };
}
