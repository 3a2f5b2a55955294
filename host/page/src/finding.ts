// The finding in plain sentences, and beside it what limits it.
import type { App, Facts } from "./data";
import { foreign, h, type Child } from "./dom";
import { bytes, Clock, duration, number, percent } from "./format";
import { CAUSES, glyph } from "./glyphs";
import { t, type Key } from "./text";

const DEEP = ["data", "thumbnail", "metadata", "open", "notification", "none"];

export function finding(facts: Facts, clock: Clock): HTMLElement {
  const total = facts.entries.cause.length;
  const apps = subject(facts);
  const head = total ? t("finding.head", { n: number(total), app: "\u0000" }) : t("finding.none", { app: "\u0000" });
  const [before, after] = head.split("\u0000");
  return h(
    "header",
    { class: "finding" },
    h("h1", {}, before, apps.foreign ? foreign(apps.text) : apps.text, after),
    h("p", { class: "deck" }, deck(facts, clock)),
    causesBar(facts, total),
    h(
      "div",
      { class: "columns" },
      h("section", { "aria-labelledby": "found" }, h("h2", { id: "found" }, t("finding.title")), h("ul", { class: "found" }, ...sentences(facts))),
      h("section", { "aria-labelledby": "limits" }, h("h2", { id: "limits" }, t("finding.limits")), h("ul", { class: "limits" }, ...limits(facts).map((text) => h("li", {}, text)))),
    ),
  );
}

export function subject(facts: Facts): { text: string; foreign: boolean } {
  const [only] = facts.apps;
  return facts.apps.length === 1 ? { text: only.id, foreign: true } : { text: t("page.many_apps", { n: facts.apps.length }), foreign: false };
}

function deck(facts: Facts, clock: Clock): string {
  const { first, last } = facts.report;
  if (!first || !last) return t("finding.deck_empty");
  const ms = (text: string) => Date.parse(text) - facts.t0_ms;
  return t("finding.deck", { from: clock.spoken(ms(first)), to: clock.spoken(ms(last)), zone: clock.zone() });
}

function causesBar(facts: Facts, total: number): HTMLElement | null {
  if (!total) return null;
  const parts = counted(facts).map(([cause, n]) => {
    const part = h("span", { class: `part cause-${cause}` }, n / total > 0.05 ? glyph(cause) : null, n / total > 0.08 ? number(n) : null);
    part.style.flexGrow = String(n);
    return part;
  });
  return h("div", { class: "bar", "aria-hidden": "true" }, ...parts);
}

function counted(facts: Facts): [string, number][] {
  return CAUSES.map((cause): [string, number] => [cause, facts.apps.reduce((sum, app) => sum + (app.summary.by_cause[cause] ?? 0), 0)])
    .filter(([, n]) => n > 0);
}

const sum = (apps: App[], of: (app: App) => number) => apps.reduce((total, app) => total + of(app), 0);

function sentences(facts: Facts): HTMLElement[] {
  const { apps } = facts;
  const items: Child[][] = counted(facts).map(([cause, n]) => [
    glyph(cause),
    h("span", {}, h("strong", {}, number(n)), " ", t(`finding.cause.${cause}` as Key, { count: n })),
  ]);
  const plain = (text: string) => items.push([h("span", { class: "glyph" }), h("span", {}, text)]);
  if (facts.entries.depth.length) {
    const deepest = DEEP.find((depth) => apps.some((app) => app.summary.by_depth[depth])) ?? "none";
    const n = sum(apps, (app) => app.summary.by_depth[deepest] ?? 0);
    if (apps.some((app) => app.segments)) plain(t(`finding.depth.${deepest}` as Key, { n: number(n), count: n }));
    const background = sum(apps, (app) => app.summary.background);
    const night = sum(apps, (app) => app.summary.night);
    plain(t("finding.when", { background: number(background), night: number(night) }));
  }
  if (!facts.entries.depth.length && apps.some((app) => app.segments)) {
    const seen = accesses(facts);
    plain(seen ? t("finding.quiet", { n: number(seen) }) : t("finding.nothing"));
  }
  const unreported = facts.unreported.length;
  if (unreported) plain(t("finding.unreported", { n: number(unreported), count: unreported }));
  const handed = sum(apps, (app) => app.summary.bytes);
  const cpu = sum(apps, (app) => app.summary.cpu_ms);
  if (handed || cpu) plain(t("finding.cost", { bytes: bytes(handed), cpu: duration(cpu) }));
  return items.map((item) => h("li", {}, ...item));
}

function limits(facts: Facts): string[] {
  const { apps } = facts;
  const texts = [...facts.notices];
  const share = (app: App) => (app.span_ms ? app.covered_ms / app.span_ms : 0);
  if (!apps.some((app) => app.segments)) texts.push(t("limit.never"));
  else if (apps.length === 1) {
    const [app] = apps;
    if (app.span_ms) texts.push(t("limit.covered", { share: percent(share(app)), covered: duration(app.covered_ms), span: duration(app.span_ms) }));
  } else {
    const shares = apps.map(share);
    const [least, most] = [percent(Math.min(...shares)), percent(Math.max(...shares))];
    texts.push(least === most ? t("limit.covered_each", { share: least }) : t("limit.covered_many", { least, most }));
  }
  const gaps = facts.lanes.flatMap((lane) => lane.gaps.map(([from, to]) => to - from));
  if (gaps.length) texts.push(t("limit.gaps", { n: number(gaps.length), longest: duration(gaps.reduce((a, b) => Math.max(a, b), 0)) }));
  const [identifier, time] = ["identifier", "time"].map((match) => sum(apps, (app) => app.by_match[match] ?? 0));
  if (identifier + time) texts.push(t("limit.match", { identifier: number(identifier), time: number(time), lag: duration(facts.lag_s * 1000) }));
  const hooks = new Set(facts.hooks.map((hook) => hook.probe)).size;
  if (hooks) texts.push(t("limit.hooks", { n: number(hooks) }));
  if (facts.hooks_installed.silent) texts.push(t("limit.silent"));
  if (apps.some((app) => app.segments && !app.accounting)) texts.push(t("limit.accounting"));
  const lost = sum(apps, (app) => app.lost);
  if (lost) texts.push(t("limit.lost", { n: number(lost) }));
  const steps = facts.clock.steps.length;
  if (steps) texts.push(t("limit.steps", { n: number(steps) }));
  if (apps.length === 1 && apps[0].unwatched.length) texts.push(t("limit.unwatched", { names: apps[0].unwatched.map(unwatched).join(t("page.comma")) }));
  if (facts.sessions.some((session) => session.heads === null)) texts.push(t("limit.sources"));
  texts.push(t("limit.rows"));
  return texts;
}

function accesses(facts: Facts): number {
  const tables = facts.lanes.flatMap(({ rows }) => [rows["metadata"], rows["thumbnail"], rows["data"]]);
  return tables.reduce((sum, one) => sum + (one ? (one.counts.length ? one.counts.reduce((a, b) => a + b, 0) : one.bins.length) : 0), 0);
}

/** What compare/why.py names as unwatched, in the page's language. */
function unwatched(name: string): string {
  const extension = /^the extension (.+)$/.exec(name);
  if (extension) return t("unwatched.extension", { name: extension[1] });
  return name === "the app's extensions" ? t("unwatched.extensions") : name;
}
