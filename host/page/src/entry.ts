// One entry: why it exists, and the events that are evidence for it.
import { clausesOf, evidenceOf, type Details, type Evidence, type Facts } from "./data";
import { appName, code, h, table, type Child } from "./dom";
import { bytes, Clock, duration, number } from "./format";
import { focusable } from "./glossary";
import { glyph } from "./glyphs";
import * as sentences from "./sentence";
import { language, t, word, type Key } from "./text";
import type { Clause } from "./text/clauses.gen";
import { triggerOf, triggerTerm, whatOf } from "./trigger";

/** Where an entry's panel leads to. */
export type Ways = { showInTimeline: () => void; back: () => void; fromTimeline: boolean; address: string };

export function entryPanel(facts: Facts, details: Details | null, clock: Clock, entry: number, ways: Ways): HTMLElement[] {
  const { entries, words } = facts;
  const cause = words.causes[entries.cause[entry]];
  const [begin, end] = [entries.begin[entry], entries.end[entry]];
  const offset = entries.offset_s[entry];
  const moment = (ms: number | null) => (ms === null ? t("entry.missing") : `${clock.day(ms, offset)} ${clock.precise(ms, offset)} (${clock.zone(offset)})`);
  const flags = entries.flag_words.filter((_, bit) => (entries.flags[entry] >> bit) & 1);
  const rows: [string, Child][] = [
    [t("entry.cause"), h("span", { class: "cause" }, glyph(cause), focusable("cause", cause))],
    [t("entry.trigger"), trigger(facts, details, entry)],
    [t("entry.depth"), focusable("depth", words.depths[entries.depth[entry]])],
    [t("entry.match"), focusable("match", words.matches[entries.match[entry]])],
    [t("entry.state"), focusable("state", entries.state_words[entries.state[entry]])],
  ];
  rows.push(
    [t("entry.app"), appName(facts.apps[entries.app[entry]].id)],
    [t("entry.start"), moment(begin)],
    [t("entry.end"), moment(end)],
    [t("entry.length"), begin !== null && end !== null ? duration(end - begin) : "–"],
    [t("entry.identifier"), h("a", { href: ways.address, title: t("entry.link") }, code(entries.identifier[entry]))],
  );
  if (details) rows.push(...counted(details, entry));
  if (flags.length) {
    rows.push([t("entry.flags"), h("ul", { class: "flags" }, ...flags.map((flag) => h("li", {}, h("strong", {}, word("flag", flag)), ` – ${word("flagged", flag)}`)))]);
  }
  const title = t("entry.chosen", {
    n: number(entry + 1),
    all: number(entries.cause.length),
    cause: word("cause", cause),
    start: begin === null ? t("entry.missing") : clock.moment(begin, offset),
  });
  return [
    h("h3", { tabindex: -1, id: "entry-heading" }, glyph(cause), title),
    h("p", { class: "brief" }, sentences.brief(entries.briefs[entries.brief[entry]])),
    details ? why(clausesOf(details, entry)) : h("p", { class: "note" }, "…"),
    h("dl", {}, ...rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    h("p", { class: "acts" }, h("button", { type: "button", click: ways.showInTimeline }, t("entry.zoom")), h("button", { type: "button", class: "back", click: ways.back }, t(ways.fromTimeline ? "entry.back_timeline" : "entry.back"))),
    h("h4", {}, t("entry.evidence")),
    details ? evidence(details, clock, entry) : h("p", {}, t("entry.loading")),
  ];
}

/** Return what set the act off: its certainty, how long before, its name, and a button that shows the event. */
function trigger(facts: Facts, details: Details | null, entry: number): Child {
  const { kind, by } = triggerOf(facts, entry);
  if (kind === null) return "–";
  const delay = facts.entries.delay_ms[entry];
  const what = whatOf(facts, entry);
  const origin = details ? evidenceOf(details, entry).find((event) => event.role === "origin") : null;
  const key = kind === "none" || kind === "unknown" ? kind : by;
  return h(
    "div",
    { class: "trigger" },
    h("strong", {}, triggerTerm(facts, entry, focusable)),
    what ? h("span", {}, t("page.colon"), what) : null,
    delay ? h("span", {}, t("page.comma"), t("trigger.delay_act", { delay: duration(delay) })) : null,
    origin ? h("div", {}, h("button", { type: "button", class: "reference", click: () => showEvent(origin.reference) }, t("trigger.open", { event: origin.reference }))) : null,
    h("div", { class: "info" }, t(`trigger.explained.${key}` as Key, { lag: duration(facts.lag_s * 1000) })),
  );
}

/** Go to an event of the evidence, in the opened entry or else in an opened run. Return whether it is there. */
export function showEvent(reference: string): boolean {
  const row = document.querySelector<HTMLElement>(`#entry [data-event="${reference}"], #unreported [data-event="${reference}"]`);
  row?.scrollIntoView({ block: "center" });
  row?.focus({ preventScroll: true });
  return row !== null;
}

/** Return what the app did during the entry, by what set it off, and the properties that it read. */
function counted(details: Details, entry: number): [string, Child][] {
  const rows: [string, Child][] = [];
  const triggers = details.counts[details.triggers[entry]];
  if (triggers.length) rows.push([t("trigger.counts"), triggers.map(([kind, n]) => t("trigger.counted", { trigger: word("trigger", kind), n: number(n) })).join(t("page.comma"))]);
  const properties = details.counts[details.properties[entry]];
  if (properties.length) rows.push([t("trigger.properties"), h("span", {}, ...properties.map(([symbol, n]) => h("div", {}, code(symbol), ` ${number(n)}`)))]);
  return rows;
}

/** Whether the reader opened the explanation of the last entry. That of the next one is then open, too. */
let explanationOpen = false;

/** Return the whole explanation, closed at first. In another language the English original follows. */
function why(clauses: Clause[]): HTMLElement {
  const english = sentences.element(sentences.whyInEnglish(clauses));
  const original = language() === "en" ? h("p", { class: "note" }, t("entry.why_note")) : h("details", { class: "original" }, h("summary", {}, t("entry.why_note")), h("p", { class: "why", lang: "en" }, english));
  const text = h("p", { class: "why" }, language() === "en" ? english : sentences.element(sentences.why(clauses)));
  const toggle = (event: Event) => (explanationOpen = (event.target as HTMLDetailsElement).open);
  return h("details", { class: "whole", open: explanationOpen, toggle }, h("summary", {}, t("entry.why")), text, original);
}

function evidence(details: Details, clock: Clock, entry: number): HTMLElement {
  const found = evidenceOf(details, entry);
  const all = details.named[entry];
  if (!found.length) return h("p", {}, t("entry.no_evidence"));
  const named = h("p", { class: "note" }, t("entry.named", { zone: clock.zone() }));
  const listed = details.refs[entry].reduce((sum, one, at) => (at % 2 ? sum + one : sum), 0);
  const note = listed < all ? h("p", { class: "note" }, t("entry.some_evidence", { n: number(listed), all: number(all) })) : null;
  return h("div", {}, named, note, eventTable(found, clock));
}

/** Return events as a table. Each has an address of its own. */
export function eventTable(found: Evidence[], clock: Clock): HTMLElement {
  const heads = [t("entry.event"), t("entry.time"), t("entry.kind"), t("entry.symbol"), t("entry.result"), t("entry.caller")];
  const rows = found.map((event) => [
    h("span", { "data-event": event.reference, tabindex: -1, class: event.role ? `event ${event.role}` : "event" }, h("a", { href: `#event=${event.reference}` }, code(event.reference)), event.role ? h("div", { class: "role" }, t(`trigger.is_${event.role}`)) : null),
    event.wall_us === null ? t("entry.not_read") : clock.precise(event.wall_us / 1000),
    event.kind === null ? "" : kindOf(event.kind),
    h("div", {}, event.symbol === null ? "" : code(event.symbol), event.info ? h("div", { class: "info" }, info(event.info)) : null),
    result(event),
    h("div", {}, event.caller ? code(event.caller) : null, event.stack ? stack(event.stack) : null),
  ]);
  return table(t("entry.evidence"), heads, rows);
}

/** The kinds of words that an event's keys have; of the others the data is shown. */
const INFO: Record<string, string[]> = { phase: ["phase"], action: ["action"], status: ["permission"], type: ["input"], value: ["state"], reason: ["wake", "trigger"] };

/** Return what else is known of an event, which the data has as JSON, in words as far as the page has them. */
function info(text: string): HTMLElement {
  let known: Record<string, unknown>;
  try {
    known = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return code(text);
  }
  const parts = Object.entries(known).map(([key, value]): Child => {
    const name = INFO[key] ?? (key === "asset" ? [] : null);
    if (name === null || typeof value !== "string") return code(JSON.stringify(value));
    const shown = name.map((kind) => word(kind, value)).find((one) => one !== value) ?? value;
    return h("span", {}, t(`info.${key}` as Key), t("page.colon"), key === "asset" ? code(value) : shown);
  });
  return h("span", {}, ...parts.flatMap((part, at): Child[] => (at ? [t("page.comma"), part] : [part])));
}

/** Return the word for an event's depth or kind. */
const kindOf = (kind: string) => (kind in WORDS ? t(WORDS[kind]) : word("depth", kind));

const WORDS: Record<string, Key> = { notification: "kind.notification", input: "kind.input", state: "kind.state", accounting: "kind.accounting", observer: "kind.observer", authorization: "kind.authorization" };

function result(event: Evidence): string {
  const parts = [];
  if (event.bytes !== null) parts.push(bytes(event.bytes));
  if (event.duration_us !== null) parts.push(duration(event.duration_us / 1000));
  return parts.join(", ");
}

export function stack(frames: string[]): HTMLElement {
  return h("details", { class: "stack" }, h("summary", {}, t("entry.frames", { n: frames.length })), h("ol", {}, ...frames.map((frame) => h("li", {}, code(frame)))));
}
