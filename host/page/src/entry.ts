// One entry: why it exists, and the events that are evidence for it.
import { clausesOf, evidenceOf, type Details, type Evidence, type Facts } from "./data";
import { appName, code, h, table, type Child } from "./dom";
import { bytes, Clock, duration, number } from "./format";
import { glyph } from "./glyphs";
import * as sentences from "./sentence";
import { language, t, word } from "./text";
import type { Clause } from "./text/clauses.gen";

export function entryPanel(facts: Facts, details: Details | null, clock: Clock, entry: number, showInTimeline: () => void): HTMLElement[] {
  const { entries, words } = facts;
  const cause = words.causes[entries.cause[entry]];
  const [begin, end] = [entries.begin[entry], entries.end[entry]];
  const offset = entries.offset_s[entry];
  const moment = (ms: number | null) => (ms === null ? t("entry.missing") : `${clock.day(ms, offset)} ${clock.precise(ms, offset)} (${clock.zone(offset)})`);
  const flags = entries.flag_words.filter((_, bit) => (entries.flags[entry] >> bit) & 1);
  const rows: [string, Child][] = [
    [t("entry.identifier"), code(entries.identifier[entry])],
    [t("entry.app"), appName(facts.apps[entries.app[entry]].id)],
    [t("entry.start"), moment(begin)],
    [t("entry.end"), moment(end)],
    [t("entry.length"), begin !== null && end !== null ? duration(end - begin) : "–"],
    [t("entry.cause"), h("span", { class: "cause" }, glyph(cause), word("cause", cause))],
    [t("entry.depth"), word("depth", words.depths[entries.depth[entry]])],
    [t("entry.match"), word("match", words.matches[entries.match[entry]])],
    [t("entry.state"), word("state", entries.state_words[entries.state[entry]])],
  ];
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
    h("p", { class: "acts" }, h("button", { type: "button", click: showInTimeline }, t("entry.zoom"))),
    h("h4", {}, t("entry.evidence")),
    details ? evidence(details, clock, entry) : h("p", {}, t("entry.loading")),
  ];
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
  if (!all) return h("p", {}, t("entry.no_evidence"));
  const heads = [t("entry.event"), t("entry.time"), t("entry.kind"), t("entry.symbol"), t("entry.result"), t("entry.caller")];
  const rows = found.map((event) => [
    code(event.reference),
    event.wall_us === null ? t("entry.not_read") : clock.precise(event.wall_us / 1000),
    event.kind === null ? "" : word("depth", event.kind),
    h("div", {}, event.symbol === null ? "" : code(event.symbol), event.info ? h("div", { class: "info" }, code(event.info)) : null),
    result(event),
    h("div", {}, event.caller ? code(event.caller) : null, event.stack ? stack(event.stack) : null),
  ]);
  const named = h("p", { class: "note" }, t("entry.named", { zone: clock.zone() }));
  const note = found.length < all ? h("p", { class: "note" }, t("entry.some_evidence", { n: number(found.length), all: number(all) })) : null;
  return h("div", {}, named, note, table(t("entry.evidence"), heads, rows));
}

function result(event: Evidence): string {
  const parts = [];
  if (event.bytes !== null) parts.push(bytes(event.bytes));
  if (event.duration_us !== null) parts.push(duration(event.duration_us / 1000));
  return parts.join(", ");
}

export function stack(frames: string[]): HTMLElement {
  return h("details", { class: "stack" }, h("summary", {}, t("entry.frames", { n: frames.length })), h("ol", {}, ...frames.map((frame) => h("li", {}, code(frame)))));
}
