// What set an act off, to follow "set off by". The English is that of lightleak/wording.py.
import type { Brief } from "./clauses.gen";
import type { Of } from "./clauses";

export type Origin = Exclude<Brief["trigger"], "none" | "unknown" | "no-act">;
type Named = Pick<Of<"set-off-by">, "kind" | "state">;

export const ORIGINS: Record<"en" | "zh", Record<Origin, string>> = {
  en: { change: "a change notification", touch: "a touch or key", wake: "a wake-up", launch: "the launch", activation: "a change of the app's state", return: "the return to the foreground" },
  zh: { change: "变更通知", touch: "触摸或按键", wake: "后台唤醒", launch: "启动", activation: "应用状态变化", return: "回到前台" },
};

/** A change of the app's state (kind `activation`) is a return to the foreground only where the app became active. */
const exact = ({ kind, state }: Named): Origin => (kind === "activation" && state === "active" ? "return" : kind);

export const originEn = (named: Named) => ORIGINS.en[exact(named)];
export const originZh = (named: Named) => ORIGINS.zh[exact(named)];

/** Return the state to which the app changed, where it is known and is not in the origin's words. */
export const leftTo = ({ kind, state }: Named): "inactive" | "background" | null => (kind === "activation" && (state === "inactive" || state === "background") ? state : null);
