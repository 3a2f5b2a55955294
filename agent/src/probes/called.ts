// The event of a call that a framework makes to the app: a notification, or what a person has picked.
import type { Act } from "../acts.js";
import { now } from "../clock.js";
import type { Lifecycle } from "../lifecycle.js";
import type { Session } from "../session.js";
import { selectorOf, type OnCallback } from "./callbacks.js";
import type { Probe } from "./catalogue/types.js";
import { detailReader } from "./decoding.js";
import { reference } from "./observers.js";
import { isWake, tellWake } from "./waking.js";

export function onCallback(session: Session, lifecycle: Lifecycle): OnCallback {
  return (probe: Probe, act: Act, args: InvocationArguments): number => {
    const { tid, cause } = act;
    if (isWake(probe)) {
      tellWake(lifecycle, probe, tid, args);
      return 0;
    }
    const at = act.at ?? now();
    const stack = session.stacks.here();
    if (selectorOf(probe).startsWith("photoLibrary")) {
      const observer = reference(args[0]!) ?? { class: "", id: "", image: null };
      const type = probe.depth === "notification" ? "change" : "unavailable";
      return session.emit({ kind: "notification", at, tid, observer, change: args[2]!.isNull() ? null : args[2]!.toString(), type, stack });
    }
    const detail = detailReader(probe.decode)({} as InvocationContext, args);
    return session.emit({ kind: "access", at, tid, depth: probe.depth!, symbol: probe.symbol, detail, asset: null, cause, caller: null, stack });
  };
}
