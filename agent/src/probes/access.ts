// The plain probes: a call is an access.
import { begin, emitReturn, end, isKept, stamp, type Act } from "../acts.js";
import { callerOf } from "../callers.js";
import type { OwnBlock } from "../objc/blocks.js";
import type { Session } from "../session.js";
import type { Probe } from "./catalogue/types.js";
import { assetOf, depthOf, detailReader } from "./decoding.js";
import { letAllGo, type Deliveries } from "./deliveries.js";
import type { Hook } from "./hook.js";

export function accessHook(session: Session, deliveries: Deliveries, probe: Probe): Hook {
  const { decode, symbol, timed, funnel } = probe;
  const { asset, handlers, unless } = decode;
  const readDetail = detailReader(decode);
  return {
    enter(context, args) {
      if (unless !== undefined && args[unless.at]!.toInt32() === unless.is) return;
      const act = begin(session, context);
      context["act"] = act;
      if (!isKept(session, act)) return;
      const caller = callerOf(context);
      const internal = act.internal || (funnel && caller === null);
      if (internal && !session.options.internal) return;
      const stack = session.stacks.here();
      const at = stamp(act, timed);
      const detail = readDetail(context, args);
      const hash = asset === undefined ? null : assetOf(session, args[asset]!);
      const { tid, cause } = act;
      act.of = session.emit({
        kind: "access", at, tid, depth: depthOf(probe, detail), symbol, detail, asset: hash, cause, caller, stack,
        ...(internal ? { internal } : {}),
      });
      if (handlers !== undefined && !internal) context["blocks"] = deliveries.expect(args, handlers, act.of);
    },
    leave(context) {
      const act = context["act"] as Act | undefined;
      if (act === undefined) return;
      emitReturn(session, act);
      end(session, act);
      letAllGo(context["blocks"] as OwnBlock[] | undefined);
    },
  };
}
