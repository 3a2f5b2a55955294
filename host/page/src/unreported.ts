// Accesses that no entry covers. Most are expected, and the same sentence says so.
import { NAMES, type Choice, type Name } from "./address";
import type { Details, Facts } from "./data";
import { evidenceOfRun } from "./data";
import { appName, h, section, table } from "./dom";
import { eventTable } from "./entry";
import { folded } from "./fold";
import { number, type Clock } from "./format";
import { term } from "./glossary";
import { following, t, word } from "./text";
import { known, triggerWord } from "./trigger";

/** The assumption that explains them. */
const EXPLAINS = "reads_make_no_entry";

/** Return how many runs were seen, and why no entry covers them. */
export function runsInWords({ unreported, assumptions }: Facts): string {
  const [, number_, known] = assumptions.find(([name]) => name === EXPLAINS)!;
  const n = unreported.length;
  if (known === false) return t("unreported.refuted", { n: number(n), count: n, number: number_ });
  return t("unreported.explained", { n: number(n), count: n, number: number_, status: t(known ? "facts.confirmed" : "facts.open") });
}

export function unreported(facts: Facts, clock: Clock, choice: Choice, details: () => Details | null): HTMLElement {
  const runs = [...facts.unreported.keys()].filter((run) => isChosen(facts, clock, choice, run));
  const explained = facts.unreported.length
    ? [h("p", { class: "explained" }, runsInWords(facts)), chosenOf(facts, choice, runs.length), runs.length > 3 ? sums(facts, runs) : null, runs.length ? folded(runs.length, () => list(facts, clock, runs, details)) : null]
    : [h("p", {}, t("unreported.none"))];
  return section("unreported", t("unreported.title"), h("p", {}, t("unreported.intro")), ...explained);
}

/** A run is no entry: it has these of a choice, and not the others. */
const OF_RUNS: Name[] = ["app", "depth", "trigger", "from", "to"];

function isChosen({ unreported, t0_ms }: Facts, clock: Clock, { app, depth, trigger, from, to }: Choice, run: number): boolean {
  const { app: its, depth: furthest, trigger: off, begin } = unreported[run];
  const day = clock.day(Date.parse(begin) - t0_ms);
  const keys = off ? [off.kind, `${off.kind}:${off.by}`] : [];
  return (!app || its === app) && (!depth || furthest === depth) && (!trigger || keys.includes(trigger)) && (!from || day >= from) && (!to || day <= to);
}

/** Say which runs are listed where entries are filtered. */
function chosenOf({ unreported }: Facts, choice: Choice, n: number): HTMLElement | null {
  const made = NAMES.filter((name) => choice[name]);
  if (!made.length) return null;
  const others = made.filter((name) => !OF_RUNS.includes(name));
  return h("p", { class: "note" }, t("unreported.filtered", { n: number(n), all: number(unreported.length) }), others.length ? following(t("unreported.not_filtered")) : null);
}

function sums({ unreported, words }: Facts, runs: number[]): HTMLElement {
  const counts = new Map<string, { app: string; depth: string; n: number }>();
  for (const { app, depth } of runs.map((run) => unreported[run])) {
    const key = `${app} ${depth}`;
    const row = counts.get(key) ?? { app, depth, n: 0 };
    row.n += 1;
    counts.set(key, row);
  }
  const rows = [...counts.values()].sort((a, b) => (a.app < b.app ? -1 : a.app > b.app ? 1 : words.depths.indexOf(b.depth) - words.depths.indexOf(a.depth)));
  return table(t("unreported.sum"), [t("entry.app"), t("unreported.depth"), t("unreported.runs")], rows.map(({ app, depth, n }) => [appName(app), term("depth", depth), number(n)]), [2]);
}

function list(facts: Facts, clock: Clock, runs: number[], details: () => Details | null): HTMLElement {
  const ms = (at: string) => Date.parse(at) - facts.t0_ms;
  const heads = [`${t("entry.start")} (${clock.zone()})`, t("entry.end"), t("entry.app"), t("unreported.depth"), t("entry.trigger"), t("unreported.events"), t("entry.evidence")];
  const rows = runs.map((at) => ({ run: facts.unreported[at], at })).map(({ run, at }) => [
    clock.moment(ms(run.begin)),
    clock.moment(ms(run.end)),
    appName(run.app),
    word("depth", run.depth),
    run.trigger ? triggerWord(known(facts, facts.apps.findIndex(({ id }) => id === run.app), run.trigger)) : "–",
    number(run.events),
    evidence(at, clock, details),
  ]);
  return table(t("unreported.title"), heads, rows, [5]);
}

/** The events of a run, which are listed when they are asked for. */
function evidence(run: number, clock: Clock, details: () => Details | null): HTMLElement {
  const list: HTMLDetailsElement = h("details", { class: "run-evidence", "data-run": run, toggle: () => fill() }, h("summary", {}, t("event.of_run")));
  const fill = () => {
    const found = details();
    if (list.open && list.childElementCount === 1 && found) list.append(eventTable(evidenceOfRun(found, run), clock));
  };
  return list;
}
