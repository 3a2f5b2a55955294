// A delegate is set: the class that will hear of a person's choice becomes known.
import { checkedClassOf, findMethod } from "../objc/runtime.js";
import type { Session } from "../session.js";
import { selectorOf, type Callbacks } from "./callbacks.js";
import type { Probe } from "./catalogue/types.js";
import type { Hook } from "./hook.js";

export function delegateHook(_session: Session, callbacks: Callbacks, all: readonly Probe[]): Hook {
  const picked = all.filter((probe) => probe.depth === "picker");
  return {
    enter(_context, args) {
      const delegate = args[2]!;
      if (delegate.isNull()) return;
      const cls = checkedClassOf(delegate);
      for (const probe of picked) if (findMethod(cls, selectorOf(probe)) !== null) callbacks.watch(cls, probe);
    },
  };
}
