// The head of the page: the finding, a sentence each, and its limits.
import { claims, type PartOfApp } from "./claims";
import { deepest, DEPTHS, measured, sumOf, type Facts } from "./data";
import { foreign, h, isNarrow, section, type Child } from "./dom";
import { bytes, Clock, duration, number } from "./format";
import { CAUSES, glyph } from "./glyphs";
import { limits } from "./limits";
import { t, together, word, type Key } from "./text";
import { runsInWords } from "./unreported";

/** Up to so many apps get a sentence each; more are summarised. */
const MOST_APPS = 8;

/** The head: what the report lists, and whether the makers' claim holds, app by app. */
export function finding(facts: Facts, clock: Clock, show: (chosen: PartOfApp) => void): HTMLElement {
  const total = facts.entries.cause.length;
  const apps = subject(facts);
  const head = total ? t("finding.head", { n: number(total), app: "\u0000" }) : t("finding.none", { app: "\u0000" });
  const [before, after] = head.split("\u0000");
  return h(
    "header",
    { class: "finding" },
    h("h1", {}, before, apps.foreign ? foreign(apps.text) : apps.text, apps.foreign ? after : after.startsWith(" 的") ? after.slice(1) : after),
    h("p", { class: "deck" }, deck(facts, clock)),
    facts.is_demo ? demo() : null,
    claims(facts, show),
  );
}

/** What was found, a sentence each, and what limits it. */
export function found(facts: Facts): HTMLElement {
  const total = facts.entries.cause.length;
  return section(
    "findings",
    t("found.title"),
    h(
      "div",
      { class: "columns" },
      h("div", {}, h("h3", { id: "found" }, t("finding.title")), causesBar(facts, total), h("ul", { class: "found" }, ...sentences(facts))),
      h("div", {}, h("h3", { id: "limits" }, t("finding.limits")), h("ul", { class: "limits" }, ...limits(facts).map((item) => h("li", {}, ...item)))),
    ),
  );
}

const DEMO = ["refetch", "scanner", "gallery", "photo picker", "unobserved", "unexplained"] as const;

/** What to look at in the demo, as lightleak demo prints it. On a phone it is folded, so that the claim is the first that is seen. */
function demo(): HTMLElement {
  const rows = DEMO.map((name) => h("div", {}, h("dt", {}, t(`demo.name.${name}`)), h("dd", {}, t(`demo.${name}`))));
  return h("details", { class: "demo", open: !isNarrow() }, h("summary", {}, t("demo.title")), h("dl", { class: "terms" }, ...rows));
}

export function subject(facts: Facts): { text: string; foreign: boolean } {
  const [only] = facts.apps;
  return facts.apps.length === 1 ? { text: only.id, foreign: true } : { text: t("page.many_apps", { n: facts.apps.length }), foreign: false };
}

/** What a session was recorded on, and that it was no phone where that is known. */
function deviceOf({ device, kind }: Facts["sessions"][number]): string | null {
  return kind === "virtual" || kind === "simulator" ? t(`finding.${kind}`, { device: device ?? "iOS" }) : device;
}

function deck(facts: Facts, clock: Clock): string {
  const { first, last } = facts.report;
  const devices = [...new Set(facts.sessions.map(deviceOf).filter((text) => text !== null))];
  const recorded = devices.length ? t("finding.recorded_on", { devices: devices.join(t("page.comma")) }) : "";
  if (!first || !last) return together(t("finding.deck_empty"), recorded);
  const [from, to] = [first, last].map((text) => Date.parse(text) - facts.t0_ms);
  return together(t("finding.deck", { from: clock.inWords(from), to: clock.inWords(to, from), zone: clock.zone() }), recorded);
}

function causesBar(facts: Facts, total: number): HTMLElement | null {
  if (!total) return null;
  const parts = counted(facts).map(([cause, n]) => {
    const label = `${word("cause", cause)}${t("page.colon")}${number(n)}`;
    const part = h("span", { class: `part cause-${cause}`, title: label }, n / total > 0.05 ? glyph(cause) : null, h("span", { class: n / total > 0.05 ? null : "small" }, number(n)));
    part.style.flexGrow = String(n);
    return part;
  });
  return h("div", { class: "bar", "aria-hidden": "true" }, ...parts);
}

function counted(facts: Facts): [string, number][] {
  return CAUSES.map((cause): [string, number] => [cause, facts.apps.reduce((sum, app) => sum + (app.summary.by_cause[cause] ?? 0), 0)])
    .filter(([, n]) => n > 0);
}

const noneOr = (n: number) => (n ? number(n) : t("finding.none_of_them"));

function sentences(facts: Facts): HTMLElement[] {
  const { apps } = facts;
  const entries = facts.entries.cause.length;
  const items: Child[][] = counted(facts).map(([cause, n]) => [
    glyph(cause),
    h("span", {}, h("strong", {}, number(n)), " ", together(t(causeKey(facts, cause), { count: n }), furtherThanQueries(facts, cause), byTime(facts, cause, n))),
  ]);
  const plain = (...text: Child[]) => items.push([h("span", { class: "glyph" }), h("span", {}, ...text)]);
  if (entries && apps.length > 1 && apps.length <= MOST_APPS) apps.forEach((app, at) => plain(foreign(app.id, "subject"), t("page.colon"), ofApp(facts, at)));
  else if (entries && apps.length > 1) plain(furthestOfEach(facts));
  else if (entries && apps[0].segments) plain(furthest(facts));
  if (entries && (apps.length === 1 || apps.length > MOST_APPS)) plain(when(facts));
  if (!entries && apps.some((app) => app.segments)) {
    const seen = accesses(facts);
    plain(seen ? t("finding.quiet", { n: number(seen) }) : t("finding.nothing"));
  }
  const certain = sumOf(apps, (app) => app.by_match["identifier"] ?? 0);
  if (certain) plain(t("finding.by_identifier", { n: number(certain), count: certain }));
  if (facts.unreported.length) plain(runsInWords(facts));
  const [delivered, cpu] = [measured(apps, (app) => app.summary.bytes), measured(apps, (app) => app.summary.cpu_ms)];
  if (apps.length === 1 && (delivered || cpu)) plain(cost(delivered, cpu));
  return items.map((item) => h("li", {}, ...item));
}

/** What could not be measured is not mentioned. */
function cost(delivered: number | null, cpu: number | null): string {
  if (cpu === null) return t("finding.cost_bytes", { bytes: bytes(delivered ?? 0) });
  return t(delivered ? "finding.cost" : delivered === null ? "finding.cost_cpu" : "finding.cost_nothing", { bytes: bytes(delivered ?? 0), cpu: duration(cpu) });
}

/** The picker may write an entry without a choice, where a field test found that it does. */
function causeKey({ entries }: Facts, cause: string): Key {
  const unsure = cause === "picker" && entries.briefs.some((brief) => brief.act === "picker-unsure");
  return `finding.cause.${unsure ? "picker_unsure" : cause}` as Key;
}

/** Say of how many entries the cause is not the whole story, because the app went on to request photos. */
function furtherThanQueries({ entries, words }: Facts, cause: string): string {
  if (cause !== "query" && cause !== "open") return "";
  const [code, pixels, upload] = [words.causes.indexOf(cause), words.depths.indexOf("thumbnail"), words.depths.indexOf("upload")];
  const further = [...entries.depth].filter((depth, entry) => entries.cause[entry] === code && depth >= pixels);
  const key = further.includes(upload) ? "finding.further_upload" : "finding.further";
  return further.length ? t(key, { n: number(further.length) }) : "";
}

/** Say how many entries of a cause were matched by time only. */
function byTime({ entries, words }: Facts, cause: string, all: number): string {
  const [code, time] = [words.causes.indexOf(cause), words.matches.indexOf("time")];
  const n = entries.cause.filter((one, entry) => one === code && entries.match[entry] === time).length;
  if (!n) return "";
  return n === all ? t("finding.all_by_time") : t("finding.by_time", { n: number(n) });
}

const lag = (facts: Facts) => duration(facts.lag_s * 1000);

function furthest(facts: Facts): string {
  const [app] = facts.apps;
  const depth = deepest(app);
  const n = app.summary.by_depth[depth] ?? 0;
  return t(`finding.depth.${depth}` as Key, { n: number(n), count: n, lag: lag(facts) });
}

function ofApp(facts: Facts, at: number): string {
  const { apps, entries } = facts;
  const { segments, summary } = apps[at];
  if (!summary.entries) return together(t("finding.app_none"), deliveredTo(summary.bytes));
  if (!segments) return t("finding.app_unwatched", { n: number(summary.entries) });
  const inState = (state: string) => entries.app.filter((app, entry) => app === at && entries.state_words[entries.state[entry]] === state).length;
  const [mixed, unknown] = [inState("mixed"), inState("unknown")];
  const figures = [t("finding.app_background", { n: noneOr(summary.background) }), t("finding.app_night", { n: noneOr(summary.night) })];
  if (mixed) figures.push(t("finding.app_mixed", { n: number(mixed) }));
  if (unknown) figures.push(t("finding.app_unknown", { n: number(unknown) }));
  const depth = deepest(apps[at]);
  const seen = depth === "none" || summary.entries === 1 ? word("seen", depth) : t("finding.app_of", { depth: word("seen", depth), n: number(summary.by_depth[depth]) });
  return together(t("finding.app", { n: number(summary.entries), figures: figures.join(t("page.comma")), depth: seen, lag: lag(facts) }), deliveredTo(summary.bytes));
}

const deliveredTo = (delivered: number | null) => (delivered ? t("finding.app_bytes", { bytes: bytes(delivered) }) : "");

function furthestOfEach(facts: Facts): string {
  const { apps } = facts;
  const depths = [...DEPTHS, "none"].map((depth): [string, number] => [depth, apps.filter((app) => deepest(app) === depth).length]);
  const texts = depths.filter(([, n]) => n).map(([depth, n]) => t("finding.apps_of_depth", { depth: word("seen", depth), n: number(n) }));
  return t("finding.apps_by_depth", { depths: texts.join(t("page.comma")), lag: lag(facts) });
}

function when({ apps, entries }: Facts): string {
  const [background, night] = [sumOf(apps, (app) => app.summary.background), sumOf(apps, (app) => app.summary.night)];
  const [mixed, unknown] = ["mixed", "unknown"].map((state) => entries.state.filter((code) => entries.state_words[code] === state).length);
  const text = t("finding.when", { background: noneOr(background), night: noneOr(night) });
  return together(text, mixed ? t("finding.state_mixed", { n: number(mixed), count: mixed }) : "", unknown ? t("finding.state_unknown", { n: number(unknown) }) : "");
}

function accesses(facts: Facts): number {
  const tables = facts.lanes.flatMap(({ rows }) => [rows["metadata"], rows["thumbnail"], rows["data"], rows["upload"]]);
  return tables.reduce((sum, one) => sum + (one ? (one.counts.length ? one.counts.reduce((a, b) => a + b, 0) : one.bins.length) : 0), 0);
}
