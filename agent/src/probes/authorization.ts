// Permission: read, asked, answered.
import { begin, end, isKept, type Act } from "../acts.js";
import { callerOf } from "../callers.js";
import { now } from "../clock.js";
import type { OwnBlock } from "../objc/blocks.js";
import type { Level, Status } from "../protocol.js";
import type { Session } from "../session.js";
import type { Probe } from "./catalogue/types.js";
import { letAllGo, type Deliveries } from "./deliveries.js";
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

const marked = (act: Act): { internal?: true } => (act.internal ? { internal: true } : {});

/** The app looks at what it is allowed to do. */
export function statusHook(session: Session, probe: Probe): Hook {
  const { symbol } = probe;
  return {
    enter(context, args) {
      const act = begin(session, context);
      context["act"] = act;
      if (!isKept(session, act)) return;
      context["level"] = levelOf(probe, args);
      context["caller"] = callerOf(context);
      context["stack"] = session.stacks.here();
    },
    leave(context, result) {
      const act = context["act"] as Act | undefined;
      if (act === undefined) return;
      end(session, act);
      if (!isKept(session, act)) return;
      const { tid, cause } = act;
      session.emit({
        kind: "authorization", at: now(), tid, symbol, action: "read", level: context["level"], status: statusOf(result),
        cause, caller: context["caller"], stack: context["stack"], ...marked(act),
      });
    },
  };
}

/** The app asks for permission, and hears the answer. */
export function askHook(session: Session, deliveries: Deliveries, probe: Probe): Hook {
  const { symbol } = probe;
  const handler = probe.decode.handlers![0]!;
  return {
    enter(context, args) {
      const act = begin(session, context);
      context["act"] = act;
      if (!isKept(session, act)) return;
      const level = levelOf(probe, args);
      const { tid, cause } = act;
      const stack = session.stacks.here();
      const caller = callerOf(context);
      const asked = { kind: "authorization", symbol, level } as const;
      session.emit({ ...asked, at: now(), tid, action: "asked", status: null, cause, caller, stack, ...marked(act) });
      context["blocks"] = deliveries.follow(args, handler.at, (answering, given) => {
        const status = statusOf(given[handler.status!]!);
        session.emit({ ...asked, at: now(), tid: answering, action: "answered", status, cause: null, caller, stack: null, ...marked(act) });
      });
    },
    leave(context) {
      const act = context["act"] as Act | undefined;
      if (act !== undefined) end(session, act);
      letAllGo(context["blocks"] as OwnBlock[] | undefined);
    },
  };
}
