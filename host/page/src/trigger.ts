// What set an entry's act off: its words, and the part of the claim that the entry is in.
import type { Entries, Facts } from "./data";
import { code, h } from "./dom";
import { duration } from "./format";
import { term } from "./glossary";
import { t, word } from "./text";

/** The parts of the claim, in the order in which they are shown. The picker's entries are in none of the claim's. */
export const PARTS = ["link", "time", "else", "undecided", "opens", "picker"] as const;
export type Part = (typeof PARTS)[number];

/** Return the part that an entry is in, by the same rule as `claims` of the JSON (comparator/summary.py). */
export function partOf(facts: Facts, entry: number): Part {
  const { entries, words } = facts;
  const cause = words.causes[entries.cause[entry]];
  if (cause === "picker" || cause === "open") return cause === "open" ? "opens" : "picker";
  const { kind, by } = triggerOf(facts, entry);
  if (kind === "change") return by === "link" ? "link" : "time";
  return kind === null || kind === "unknown" ? "undecided" : "else";
}

/** How a trigger is known: by link, by time, by time where that is no better than chance, or not at all. */
export type Trigger = { kind: string | null; by: string };

/** Return what set an entry's act off; the kind is null where the cause is no act of a process. */
export function triggerOf({ entries, words }: Facts, entry: number): Trigger {
  const [kind, by] = [entries.trigger[entry], entries.trigger_by[entry]];
  return { kind: kind === null ? null : words.triggers[kind], by: by === null ? "none" : words.links[by] };
}

/** Return how a trigger of an app's entries is known. By time it may be no better than chance. */
export const known = ({ apps }: Facts, app: number, { kind, by }: Trigger): Trigger => ({ kind, by: by === "time" && (apps[app]?.trigger_chance ?? null) !== null ? "chance" : by });

/** Return a trigger with its certainty, if it has one: "touch (likely)". */
export function triggerWord({ kind, by }: Trigger, form: "trigger.shown" | "trigger.certain" = "trigger.shown"): string {
  if (kind === null) return "–";
  const text = word("trigger", kind);
  return by === "none" ? text : t(form, { trigger: text, by: word("by", by) });
}

/** Return the name of what set an entry's act off: an observer's class as code, a wake-up's reason or a state as a word. */
export function whatOf(facts: Facts, entry: number): HTMLElement | null {
  const what = whatText(facts.entries, entry);
  if (what === null) return null;
  const { kind } = triggerOf(facts, entry);
  if (kind === "change") return code(what);
  return h("span", {}, kind === "activation" ? t("trigger.changed_to", { state: word("state", what) }) : word("wake", what));
}

const whatText = (entries: Entries, entry: number): string | null => {
  const number = entries.what[entry];
  return number === null ? null : entries.whats[number];
};

/** Return an entry's trigger in words, with its certainty. Of an entry, other than of several, it is known whether the app returned to the foreground. */
export function named(facts: Facts, entry: number): string {
  const { kind, by } = known(facts, facts.entries.app[entry], triggerOf(facts, entry));
  return triggerWord({ kind: kind === "activation" && whatText(facts.entries, entry) === null ? "return" : kind, by });
}

/** The same, and its kind and its certainty are each one tap from their definitions. */
export function triggerTerm(facts: Facts, entry: number, make = term): HTMLElement {
  const { kind, by } = known(facts, facts.entries.app[entry], triggerOf(facts, entry));
  if (kind === null) return h("span", {}, "–");
  const back = kind === "activation" && whatText(facts.entries, entry) === null;
  const name = back ? h("span", {}, word("trigger", "return")) : make("trigger", kind);
  return by === "none" ? name : h("span", {}, name, t("trigger.open_by"), make("by", by), t("trigger.close_by"));
}

/** Return an entry's trigger with its certainty, how long before the act it was, and its name. */
export function triggerCell(facts: Facts, entry: number): HTMLElement {
  const delay = facts.entries.delay_ms[entry];
  const what = whatOf(facts, entry);
  return h(
    "span",
    { class: "trigger" },
    triggerTerm(facts, entry),
    what || delay !== null ? h("span", { class: "info" }, delay === null ? null : t("trigger.delay", { delay: duration(delay) }), what && delay !== null ? t("page.comma") : null, what) : null,
  );
}

/** Return the words of `triggerCell`, for search. */
export function triggerSearch(facts: Facts, entry: number): string {
  const { kind, by } = triggerOf(facts, entry);
  return [kind ?? "", by, named(facts, entry), whatText(facts.entries, entry) ?? "", whatOf(facts, entry)?.textContent ?? ""].join(" ");
}
