// Some entries in one glance: what set them off, and how far they went. It answers the question that a choice asks.
import type { Facts } from "./data";
import { h } from "./dom";
import { number } from "./format";
import { t, word } from "./text";
import { known, triggerOf, triggerWord } from "./trigger";

export function tally(facts: Facts, found: number[]): HTMLElement[] {
  const { entries, words } = facts;
  if (!found.length) return [];
  const all = entries.cause.length;
  const triggers = count(found.map((entry) => keyOf(facts, entry)));
  const order = [...words.triggers.flatMap((kind) => ["link", "time", "chance", "none"].map((by) => `${kind}:${by}`)), ...words.causes];
  const parts = [...triggers].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)).map(([key, n]): [string, number] => [nameOf(key), n]);
  const depths = [...count(found.map((entry) => words.depths[entries.depth[entry]]))].sort(([a], [b]) => words.depths.indexOf(b) - words.depths.indexOf(a)).map(([depth, n]): [string, number] => [word("depth", depth), n]);
  return [
    h("p", { class: "of-all" }, found.length === all ? t("tally.all", { n: number(all), count: all }) : t("tally.some", { n: number(found.length), all: number(all), count: found.length })),
    line(t("tally.set_off"), parts, "set-off"),
    line(t("tally.furthest"), depths, "furthest"),
  ];
}

function line(title: string, parts: [string, number][], kind: string): HTMLElement {
  const pieces = parts.map(([name, n], at) => h("span", {}, at ? t("claim.semicolon") : null, `${name} `, h("strong", {}, number(n))));
  return h("p", { class: kind }, title, t("page.colon"), ...pieces);
}

function count(keys: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function keyOf(facts: Facts, entry: number): string {
  const { entries, words } = facts;
  const { kind, by } = known(facts, entries.app[entry], triggerOf(facts, entry));
  return kind === null ? words.causes[entries.cause[entry]] : `${kind}:${by}`;
}

function nameOf(key: string): string {
  const [kind, by] = key.split(":");
  return by === undefined ? word("cause", kind) : triggerWord({ kind, by }, "trigger.certain");
}
