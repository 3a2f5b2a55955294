// The observers, one row for each class of an app: sums, and each object on demand. In sixty days there are hundreds of one class.
import type { Facts, Observer } from "./data";
import { code, foreign, h, section, table } from "./dom";
import { stack } from "./entry";
import { duration, number, type Clock } from "./format";
import { explained } from "./glossary";
import { t, word } from "./text";

export function observers(facts: Facts, clock: Clock): HTMLElement {
  const { observers: all } = facts;
  if (!all.length) return section("observers", t("observers.title"), h("p", {}, t("observers.none")));
  const classes = new Map<string, Observer[]>();
  for (const one of all) {
    const key = JSON.stringify([one.app, one.class, one.image]);
    classes.set(key, [...(classes.get(key) ?? []), one]);
  }
  const heads = [t("observers.class"), t("observers.since"), t("observers.notifications"), t("observers.accesses"), t("observers.cost"), t("observers.each")];
  return section(
    "observers",
    t("observers.title"),
    h("p", {}, explained(t("observers.title"), "observer"), t("page.colon"), t("observers.intro")),
    facts.observers_in_all > all.length ? h("p", { class: "note" }, t("observers.cut", { n: number(all.length), all: number(facts.observers_in_all) })) : null,
    table(t("observers.title"), heads, [...classes.values()].map((same) => row(same, clock)), [2, 3, 4]),
  );
}

const sum = (all: Observer[], of: (one: Observer) => number) => all.reduce((total, one) => total + of(one), 0);

function row(same: Observer[], clock: Clock) {
  const [first] = same;
  return [
    h("div", { class: "wide" }, code(first.class), h("div", { class: "info" }, first.app ? foreign(first.app) : null, first.app ? t("page.comma") : null, foreign(first.image || first.type))),
    clock.moment(same.reduce((least, one) => Math.min(least, one.at), Infinity)),
    number(sum(same, (one) => one.deliveries)),
    number(sum(same, (one) => one.accesses)),
    sum(same, (one) => one.timed) ? duration(sum(same, (one) => one.ms)) : "–",
    same.length === 1 ? h("div", {}, registered(first), lasted(first, clock)) : objects(same, clock),
  ];
}

/** A list that is built when it is opened. */
function objects(same: Observer[], clock: Clock): HTMLElement {
  const list = h("details", { class: "objects", toggle: () => list.open && list.childElementCount === 1 && list.append(each(same, clock)) }, h("summary", {}, t("observers.class_sum", { n: number(same.length), count: same.length })));
  return list;
}

function each(same: Observer[], clock: Clock): HTMLElement {
  const heads = [t("observers.since"), t("observers.by"), t("observers.notifications"), t("observers.accesses"), t("observers.cost")];
  const rows = same.map((one) => [h("div", {}, clock.moment(one.at), lasted(one, clock)), registered(one), number(one.deliveries), number(one.accesses), one.timed ? duration(one.ms) : "–"]);
  return table(t("observers.each"), heads, rows, [2, 3, 4]);
}

const registered = (one: Observer) => h("div", {}, one.caller ? code(one.caller) : one.action === "registered" ? "–" : word("observed", one.action), one.stack ? stack(one.stack) : null);

const lasted = (one: Observer, clock: Clock) => (one.until === null ? null : h("div", { class: "info" }, t("observers.unregistered", { time: clock.moment(one.until) })));
