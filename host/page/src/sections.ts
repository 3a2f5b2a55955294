// The sections after the entries: apps, observers, hours, coverage, clocks, probes, method, files.
import { deepest, type Facts } from "./data";
import { appName, code, foreign, h, section, table, type Child } from "./dom";
import { folded } from "./fold";
import { bytes, Clock, duration, number, percent, signed } from "./format";
import { CAUSES, glyph } from "./glyphs";
import { assumption } from "./sentence";
import { t, word } from "./text";
import type { AssumptionName } from "./text/clauses.gen";
import { reason } from "./text/reasons";

const MOST_GAPS = 2_000;
/** The only assumption that rests on what apps report, against what Apple's code does (docs/verdicts.md). */
const AGAINST_THE_CODE = "delivery_makes_entry";

export function apps(facts: Facts): HTMLElement | null {
  if (facts.apps.length < 2) return null;
  const heads = [t("entry.app"), t("apps.entries"), t("apps.furthest"), t("apps.background"), t("apps.by_change"), t("apps.by_else"), t("apps.undecided"), t("apps.night"), t("coverage.share"), t("apps.data")];
  const rows = [...facts.apps]
    .sort((a, b) => b.summary.entries - a.summary.entries)
    .map((app) => ({ app, claim: app.summary.claims[0] }))
    .map(({ app, claim }) => [
      appName(app.id),
      number(app.summary.entries),
      word("depth", deepest(app)),
      number(app.summary.background),
      number(claim.fits_by_link + claim.fits_by_time),
      number(claim.contradicts),
      number(claim.undecided),
      number(app.summary.night),
      app.span_ms ? percent(app.covered_ms / app.span_ms) : "–",
      app.summary.bytes === null ? t("clock.not_measured") : bytes(app.summary.bytes),
    ]);
  return section("apps", t("apps.title"), h("p", { class: "note" }, t("apps.intro")), h("div", { class: rows.length > 15 ? "tall" : null }, table(t("apps.title"), heads, rows, [1, 3, 4, 5, 6, 7, 8, 9])));
}

export function hours(facts: Facts, clock: Clock, chosen: (entry: number) => boolean = () => true): HTMLElement | null {
  const { entries, words } = facts;
  const counts = words.causes.map(() => new Array<number>(24).fill(0));
  entries.begin.forEach((begin, entry) => {
    if (begin !== null && chosen(entry)) counts[entries.cause[entry]][clock.local(begin, entries.offset_s[entry]).getUTCHours()] += 1;
  });
  const present = words.causes.map((cause, code) => ({ cause, counts: counts[code] })).filter((one) => one.counts.some((n) => n));
  if (!present.length) return null;
  const all = Array.from({ length: 24 }, (_, hour) => present.reduce((sum, one) => sum + one.counts[hour], 0));
  const most = Math.max(...all);
  const columns = all.map((total, hour) => {
    const parts = present.filter((one) => one.counts[hour]).map((one) => {
      const part = h("span", { class: `part cause-${one.cause}` });
      part.style.height = `${(one.counts[hour] / most) * 100}%`;
      return part;
    });
    return h("div", { class: hour < 6 ? "hour night" : "hour" }, h("span", { class: "count" }, total ? number(total) : ""), h("div", { class: "stack" }, ...parts), h("span", { class: "name" }, hour % 3 ? "" : String(hour)));
  });
  const rows = present.map((one) => [word("cause", one.cause), ...one.counts.map(String)]);
  rows.push([t("hours.all"), ...all.map(String)]);
  const heads = [t("entry.cause"), ...all.map((_, hour) => String(hour))];
  return section(
    "hours",
    t("hours.title"),
    h("p", {}, t("hours.intro", { zone: clock.zone() })),
    h("ul", { class: "legend above" }, ...CAUSES.filter((cause) => present.some((one) => one.cause === cause)).map((cause) => h("li", {}, glyph(cause), word("cause", cause)))),
    h("div", { class: "hours", "aria-hidden": "true" }, ...columns),
    h("details", {}, h("summary", {}, t("hours.table")), table(t("hours.title"), heads, rows, heads.map((_, at) => at).slice(1))),
  );
}


export function coverage(facts: Facts, clock: Clock): HTMLElement {
  const heads = [t("coverage.app"), t("coverage.share"), t("coverage.total"), t("coverage.segments"), t("coverage.lost")];
  const rows = facts.apps.map((app) => [
    appName(app.id),
    app.span_ms ? percent(app.covered_ms / app.span_ms) : "–",
    duration(app.recorded_ms),
    number(app.segments),
    number(app.lost),
  ]);
  const gaps = facts.lanes
    .flatMap((timeline, at) => timeline.gaps.map(([from, to, reason]) => ({ app: facts.apps[at].id, from, to, reason })))
    .sort((a, b) => b.to - b.from - (a.to - a.from));
  const gapHeads = [t("coverage.app"), t("coverage.from"), t("coverage.to"), t("coverage.length"), t("coverage.reason")];
  const gapRows = gaps
    .slice(0, MOST_GAPS)
    .sort((a, b) => a.from - b.from)
    .map((gap) => [appName(gap.app), clock.moment(gap.from), clock.moment(gap.to), duration(gap.to - gap.from), foreign(reason(gap.reason))]);
  return section(
    "coverage",
    t("coverage.title"),
    h("p", {}, t("coverage.segment")),
    rows.length ? h("div", { class: rows.length > 15 ? "tall" : null }, table(t("coverage.title"), heads, rows, [1, 2, 3, 4])) : h("p", {}, t("coverage.none")),
    gaps.length ? h("h3", {}, t("coverage.gaps")) : null,
    gaps.length > MOST_GAPS ? h("p", { class: "note" }, t("coverage.cut", { n: MOST_GAPS, all: number(gaps.length) })) : null,
    gaps.length ? folded(gapRows.length, () => table(t("coverage.gaps"), gapHeads, gapRows, [3])) : null,
  );
}

/** Return a time of the data in the page's zone, as all times of the page. */
const momentOf = ({ t0_ms }: Facts, clock: Clock, at: string) => `${clock.moment(Date.parse(at) - t0_ms)} (${clock.zone()})`;

function termList(rows: [string, Child][]): HTMLElement {
  return h("dl", { class: "terms" }, ...rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

export function clocks(facts: Facts, clock: Clock): HTMLElement {
  const { lag_ms: lag, host_offset_ms: offset, steps } = facts.clock;
  return section(
    "clock",
    t("clock.title"),
    termList([
      [t("clock.lag"), lag.median === null || lag.p95 === null ? t("clock.lag_none") : t("clock.lag_value", { median: duration(lag.median), p95: duration(lag.p95), n: number(lag.n) })],
      [t("clock.bound"), duration(lag.bound)],
      [t("clock.proposed"), lag.proposed === null ? t("clock.not_measured") : duration(lag.proposed)],
      [t("clock.offset"), offset === null ? t("clock.not_measured") : signed(offset)],
      [t("clock.steps"), steps.length ? h("ul", {}, ...steps.map((step) => h("li", {}, t("clock.step", { at: momentOf(facts, clock, step.at), step: signed(step.step_ms) })))) : t("clock.no_steps")],
    ]),
  );
}

export function hooks(facts: Facts): HTMLElement {
  const { probes, segments, silent } = facts.hooks_installed;
  const heads = [t("hooks.probe"), t("hooks.symbol"), t("hooks.status"), t("hooks.reason"), t("hooks.segments")];
  const rows = facts.hooks.map((hook) => [code(hook.probe), code(hook.symbol), word("hook", hook.status), foreign(reason(hook.reason)), number(hook.segments)]);
  return section(
    "hooks",
    t("hooks.title"),
    silent || !segments ? h("p", {}, t("hooks.silent")) : null,
    rows.length ? h("p", {}, t("hooks.intro", { n: number(probes), segments: number(segments) })) : segments && !silent ? h("p", {}, t("hooks.all", { n: number(probes) })) : null,
    rows.length ? table(t("hooks.title"), heads, rows, [4]) : null,
  );
}

export function method(facts: Facts): HTMLElement {
  const lag = duration(facts.lag_s * 1000);
  const texts = [t("method.recording"), t("method.identifier"), t("method.time", { lag }), t("method.cause"), t("method.depth"), t("method.negative"), t("method.network"), t("method.bins"), t("limit.rows")];
  const list = (items: string[]) => h("ul", { class: "prose" }, ...items.map((text) => h("li", {}, text)));
  return section("method", t("method.title"), list(texts), h("h3", { id: "facts-title" }, t("facts.title")), h("p", { class: "prose" }, t("facts.intro")), list(facts.assumptions.map(claim)));
}

function claim([name, number, known]: [AssumptionName, number, boolean | null]): string {
  const open = name === AGAINST_THE_CODE ? "facts.against" : "facts.open";
  const status = known === null ? open : known ? "facts.confirmed" : "facts.refuted";
  return t("facts.claim", { number, text: assumption(name), status: t(status) });
}

export function files(facts: Facts, clock: Clock): HTMLElement {
  const sessions = facts.sessions.map((session) => [
    h("h3", {}, t("files.session", { n: session.n })),
    termList([
      [t("files.id"), session.id ? code(String(session.id)) : "–"],
      [t("files.files"), h("span", {}, ...session.files.map((file) => h("div", {}, foreign(file))))],
      [t("files.device"), session.device ? foreign(session.device) : "–"],
      [t("files.kind"), t(`files.kind.${session.kind ?? "unknown"}`)],
      [t("files.target"), session.target ? foreign(session.target) : "–"],
      ...(session.imported ? [[t("files.imported"), session.imported] as [string, Child]] : []),
      ...(session.redacted ? [[t("files.redacted"), code(session.redacted)] as [string, Child]] : []),
      [t("coverage.from"), session.started ? momentOf(facts, clock, session.started) : "–"],
      [t("coverage.to"), session.ended ? momentOf(facts, clock, session.ended) : "–"],
      [t("coverage.segments"), number(session.segments)],
      [t("unreported.events"), number(session.events)],
      [t("files.head"), session.heads ? h("span", {}, ...session.heads.map((hash) => h("div", {}, code(hash)))) : t("files.not_read")],
    ]),
  ]);
  const { report } = facts;
  return section(
    "files",
    t("files.title"),
    ...sessions.flat(),
    h("h3", {}, t("files.report")),
    h("p", {}, t("files.entries", { n: number(report.entries) })),
    termList(report.hashes.map(([file, hash]): [string, Child] => [file, h("span", {}, `${t("files.sha256")} `, hash ? code(hash) : t("files.not_read"))])),
    report.problems.length ? h("h3", {}, t("files.problems")) : null,
    report.problems.length
      ? h("ul", {}, ...report.problems.slice(0, 100).map((one) => h("li", {}, foreign(one.file), one.line === null ? "" : `, ${t("files.line", { n: one.line })}`, ": ", foreign(one.problem))))
      : null,
    facts.marks.length ? h("h3", {}, t("files.marks")) : null,
    facts.marks.length ? h("ul", {}, ...facts.marks.slice(0, 500).map(([ms, label]) => h("li", {}, clock.moment(ms), " ", foreign(label)))) : null,
  );
}
