// The limits of the finding, a sentence each.
import { sumOf, type App, type Facts } from "./data";
import { h, type Child } from "./dom";
import { duration, number, percent } from "./format";
import { element, notice } from "./sentence";
import { t } from "./text";
import type { OtherProcess } from "./text/clauses.gen";

export function limits(facts: Facts): Child[][] {
  const notices = facts.notices.map((one): Child[] => [element(notice(one))]);
  const texts = [...coverage(facts), ...matches(facts), ...notSeen(facts), t("limit.rows")];
  return [...notices, ...unconfirmed(facts), ...texts.map((text): Child[] => [text])];
}

const share = (app: App) => (app.span_ms ? app.covered_ms / app.span_ms : 0);

function coverage({ apps, lanes }: Facts): string[] {
  const gaps = lanes.flatMap((timeline) => timeline.gaps.map(([from, to]) => to - from));
  const interrupted = gaps.length ? [t("limit.gaps", { n: number(gaps.length), longest: duration(gaps.reduce((a, b) => Math.max(a, b), 0)) })] : [];
  return [...covered(apps), ...interrupted];
}

function covered(apps: App[]): string[] {
  if (!apps.some((app) => app.segments)) return [t("limit.never")];
  if (apps.length === 1) {
    const [app] = apps;
    if (!app.span_ms) return [];
    if (share(app) === 1) return [t("limit.covered_whole")];
    return [t("limit.covered", { share: percent(share(app)), covered: duration(app.covered_ms), span: duration(app.span_ms) })];
  }
  const shares = apps.map(share);
  if (shares.every((one) => one === 1)) return [t("limit.covered_all")];
  const [least, most] = [percent(Math.min(...shares)), percent(Math.max(...shares))];
  return [least === most ? t("limit.covered_each", { share: least }) : t("limit.covered_many", { least, most })];
}

function matches({ apps, lag_s }: Facts): string[] {
  const time = sumOf(apps, (app) => app.by_match["time"] ?? 0);
  const texts = [];
  if (time) texts.push(t("limit.match_time", { n: number(time), lag: duration(lag_s * 1000) }));
  for (const app of apps) if (app.chance !== null) texts.push(t("limit.chance", { app: app.id, p: app.chance }));
  return texts;
}

/** Say what the recording could not show. */
function notSeen(facts: Facts): string[] {
  const { apps } = facts;
  const texts = [];
  const hooks = new Set(facts.hooks.map((hook) => hook.probe)).size;
  if (hooks) texts.push(t("limit.hooks", { n: number(hooks) }));
  if (facts.hooks_installed.silent) texts.push(t("limit.silent"));
  if (apps.some((app) => app.segments && !app.accounting)) texts.push(t("limit.accounting"));
  const lost = sumOf(apps, (app) => app.lost);
  if (lost) texts.push(t("limit.lost", { n: number(lost) }));
  const short = sumOf(apps, (app) => app.cut_short[0]);
  // Rounded up: it is what may be missing at most.
  const unseen = Math.max(1, Math.ceil(sumOf(apps, (app) => app.cut_short[1]) / 100)) / 10;
  if (short) texts.push(t("limit.cut_short", { n: number(short), s: number(unseen, 1, 1) }));
  const steps = facts.clock.steps.length;
  if (steps) texts.push(t("limit.steps", { n: number(steps) }));
  if (apps.length === 1 && apps[0].unwatched.length) texts.push(t("limit.unwatched", { names: apps[0].unwatched.map(unwatched).join(t("page.comma")) }));
  if (facts.sessions.some((session) => session.heads === null)) texts.push(t("limit.sources"));
  return texts;
}

/** The rules are only as good as their assumptions, so a reader who quotes the finding has to know that no phone confirmed them. */
function unconfirmed({ assumptions }: Facts): Child[][] {
  const open = new Set(assumptions.filter(([, , known]) => known === null).map(([, number]) => number)).size;
  return open ? [[t("limit.facts", { n: number(open) }), " ", h("a", { href: "#facts-title" }, t("limit.facts_link"))]] : [];
}

function unwatched({ kind, identifier }: OtherProcess): string {
  if (kind === "extension") return t("unwatched.extension", { name: identifier ?? "" });
  if (kind === "perhaps-extension") return t("unwatched.perhaps_extension", { name: identifier ?? "" });
  return kind === "extensions" ? t("unwatched.extensions") : kind;
}
