// What can set an act off, in rows of its own, and the arc from an entry's origin to its act.
import { arcOf, type Details } from "../data";
import { triggerOf } from "../trigger";
import type { Layout, Row, Tracks } from "./layout";
import { firstBin } from "./levels";
import { xOf, type View } from "./paint";
import type { Palette } from "./palette";

/** The row of launches, wake-ups and returns to the foreground holds a mark for each. */
export const LIFECYCLE = ["launch", "wake", "activation"] as const;

/** Least distance between two marks; what is closer is one. */
const APART_PX = 5;
const BULGE_PX = 28;

/** The row in which an origin is, by what it set off. */
const rowName = (kind: string) => (kind === "change" ? "notification" : kind === "touch" ? "touch" : "lifecycle");

export function paintLifecycle(context: CanvasRenderingContext2D, tracks: Tracks, colours: Palette, view: View, row: Row): void {
  const middle = row.top + row.height / 2;
  for (const kind of LIFECYCLE) {
    const track = tracks.events[row.app].get(kind);
    if (!track) continue;
    const level = track.at((view.to - view.from) / view.width);
    context.fillStyle = colours[`trigger-${kind}`];
    let last = -Infinity;
    for (let at = firstBin(level, view.from); at < level.bins.length; at++) {
      const ms = level.bins[at] * level.width;
      if (ms > view.to) break;
      const x = xOf(view, ms);
      if (x < last + APART_PX) continue;
      last = x;
      mark(context, kind, x, middle);
    }
  }
}

/** A launch is a triangle, a wake-up a diamond, a return to the foreground a disc. */
function mark(context: CanvasRenderingContext2D, kind: (typeof LIFECYCLE)[number], x: number, y: number): void {
  context.beginPath();
  if (kind === "activation") context.arc(x, y, 3.2, 0, 2 * Math.PI);
  else if (kind === "wake") for (const [dx, dy] of [[0, -5], [4, 0], [0, 5], [-4, 0]]) context.lineTo(x + dx, y + dy);
  else for (const [dx, dy] of [[-3, -4.5], [5, 0], [-3, 4.5]]) context.lineTo(x + dx, y + dy);
  context.fill();
}

/** Draw from what set an entry's act off to the act: solid where the act names it, dashed where it is likely. */
export function paintArc(context: CanvasRenderingContext2D, tracks: Tracks, layout: Layout, details: Details, colours: Palette, view: View, entry: number): void {
  const arc = arcOf(details, entry);
  const { kind, by } = triggerOf(tracks.facts, entry);
  if (!arc || kind === null) return;
  const app = tracks.facts.entries.app[entry];
  const start = layout.rows.find((row) => row.app === app && row.kind === "origin" && row.name === rowName(kind));
  const depth = arc.act === "observer" || arc.act === "authorization" ? "open" : arc.act;
  const end = layout.rows.find((row) => row.app === app && (row.kind === "depth" || row.kind === "origin") && row.name === depth);
  if (!start || !end) return;
  const [x0, x1] = [xOf(view, arc.from), xOf(view, arc.to)];
  const [y0, y1] = [start.top + start.height / 2, end.top + end.height / 2];
  // Where both are at one place, the arc bulges, so that it can be seen.
  const bulge = Math.abs(x1 - x0) < BULGE_PX ? BULGE_PX : 0;
  const [c0, c1] = [x0 - bulge, bulge ? x1 - bulge : x0 + (x1 - x0) * 0.1];
  context.strokeStyle = context.fillStyle = colours[`trigger-${kind}`] || colours.ink;
  context.lineWidth = 2;
  context.setLineDash(by === "link" ? [] : [5, 4]);
  context.beginPath();
  context.moveTo(x0, y0);
  context.bezierCurveTo(c0, y0 + (y1 - y0) * 0.4, c1, y1 - (y1 - y0) * 0.3, x1 - (bulge ? 5 : 0), y1);
  context.stroke();
  context.setLineDash([]);
  context.lineWidth = 1;
  context.beginPath();
  context.arc(x0, y0, 4, 0, 2 * Math.PI);
  context.fill();
  context.beginPath();
  if (bulge) for (const [dx, dy] of [[0, 0], [-8, -5], [-8, 5]]) context.lineTo(x1 + dx, y1 + dy);
  else for (const [dx, dy] of [[0, 0], [-5, -8 * Math.sign(y1 - y0)], [5, -8 * Math.sign(y1 - y0)]]) context.lineTo(x1 + dx, y1 + dy);
  context.fill();
}
