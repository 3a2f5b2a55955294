// What is under a point of the timeline.
import type { Clock } from "../format";
import { duration, number } from "../format";
import { reason } from "../text/reasons";
import { t, word } from "../text";
import { named, triggerOf } from "../trigger";
import type { Layout, Row, Tracks } from "./layout";
import { firstBin, lowerBound } from "./levels";
import { LIFECYCLE } from "./origins";
import { msOf, xOf, type View } from "./paint";
import { usageLines } from "./usage";

export type Hit = { entry: number | null; lines: string[] };

const REACH_PX = 7;

export function hitTest(tracks: Tracks, layout: Layout, clock: Clock, view: View, x: number, y: number): Hit | null {
  const row = layout.rowAt(y + view.top);
  if (!row) return null;
  const ms = msOf(view, x);
  if (row.entries) {
    const entry = nearestEntry(tracks, row, view, x);
    if (entry !== null) return { entry, lines: entryLines(tracks, clock, entry) };
  }
  const lines =
    row.kind === "depth" || (row.kind === "origin" && row.name !== "lifecycle")
      ? eventLines(tracks, row, row.name, word("row", row.name), clock, view, x)
      : row.kind === "origin"
        ? lifecycleLines(tracks, row, clock, view, x)
      : row.kind === "usage"
        ? usageLines(tracks, row, ms)
      : row.kind === "network"
        ? networkLines(tracks, row, clock, view, x)
        : row.kind === "state"
          ? stateLines(tracks, row, clock, ms)
          : null;
  return lines ? { entry: null, lines } : gapLines(tracks, row, clock, ms);
}

export function entryLines(tracks: Tracks, clock: Clock, entry: number): string[] {
  const { entries, words } = tracks.facts;
  const begin = entries.begin[entry];
  const end = entries.end[entry];
  return [
    `${word("cause", words.causes[entries.cause[entry]])} · ${word("depth", words.depths[entries.depth[entry]])}`,
    `${begin === null ? t("entry.missing") : clock.moment(begin)} – ${end === null ? t("entry.missing") : clock.time(end)}` +
      (begin !== null && end !== null ? ` (${duration(end - begin)})` : ""),
    word("state", entries.state_words[entries.state[entry]]),
    ...(triggerOf(tracks.facts, entry).kind === null ? [] : [`${t("entry.trigger")}: ${named(tracks.facts, entry)}`]),
  ];
}

function nearestEntry(tracks: Tracks, row: Row, view: View, x: number): number | null {
  let best: number | null = null;
  let least = REACH_PX;
  for (const entry of row.entries ?? []) {
    const x0 = xOf(view, tracks.starts[entry]);
    if (x0 > x + REACH_PX) break;
    if (!tracks.isShown(entry)) continue;
    const x1 = xOf(view, tracks.facts.entries.until[entry]);
    const away = x < x0 ? x0 - x : x > x1 ? x - x1 : Math.min(x - x0, 1) / 2;
    if (away <= least) [best, least] = [entry, away];
  }
  return best;
}

function lifecycleLines(tracks: Tracks, row: Row, clock: Clock, view: View, x: number): string[] | null {
  const lines = LIFECYCLE.flatMap((kind) => eventLines(tracks, row, kind, word("trigger", kind), clock, view, x) ?? []);
  return lines.length ? lines : null;
}

function eventLines(tracks: Tracks, row: Row, name: string, title: string, clock: Clock, view: View, x: number): string[] | null {
  const track = tracks.events[row.app].get(name);
  if (!track) return null;
  const level = track.at(2 * ((view.to - view.from) / view.width));
  const ms = msOf(view, x);
  const at = firstBin(level, msOf(view, x - 3));
  if (at >= level.bins.length || level.bins[at] * level.width > msOf(view, x + 3)) return null;
  const from = level.bins[at] * level.width;
  const when =
    level.width < 1000 ? clock.precise(from) : `${clock.moment(from)} – ${clock.time(from + level.width)}`;
  return ms < from - level.width
    ? null
    : [`${title}: ${t("timeline.events", { n: number(level.counts[at]) })}`, when];
}

function networkLines(tracks: Tracks, row: Row, clock: Clock, view: View, x: number): string[] | null {
  const rows = tracks.facts.lanes[row.app].network;
  const near = rows.filter(([first, last]) => Math.abs(xOf(view, first) - x) < REACH_PX || Math.abs(xOf(view, last) - x) < 4);
  if (!near.length) return null;
  const lines = near
    .slice(0, 6)
    .flatMap(([first, last, domain, owner, hits]) => [
      owner && owner !== domain ? `${domain} (${owner})` : domain,
      `${t("timeline.hits", { n: number(hits) })}: ${clock.moment(first)} – ${clock.moment(last)}`,
    ]);
  return near.length > 6 ? [...lines, "…"] : lines;
}

function stateLines(tracks: Tracks, row: Row, clock: Clock, ms: number): string[] | null {
  const { states } = tracks.facts.lanes[row.app];
  for (let at = 0; at < states.length; at += 3) {
    if (ms >= states[at] && ms <= states[at + 1]) {
      const name = word("state", tracks.facts.words.states[states[at + 2]]);
      return [`${name} (${duration(states[at + 1] - states[at])})`, `${clock.moment(states[at])} – ${clock.time(states[at + 1])}`];
    }
  }
  return null;
}

function gapLines(tracks: Tracks, row: Row, clock: Clock, ms: number): Hit | null {
  const { covered, gaps } = tracks.facts.lanes[row.app];
  const before = lowerBound(covered, ms);
  if (before % 2 === 1) return null;
  const gap = gaps.find(([from, to]) => ms >= from && ms <= to);
  if (!gap) return { entry: null, lines: [t("timeline.unwatched")] };
  return { entry: null, lines: [t("timeline.gap", { reason: reason(gap[2]) }), `${clock.moment(gap[0])} – ${clock.moment(gap[1])}`] };
}
