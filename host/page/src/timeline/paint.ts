// Draw what is in view. The work per frame is limited by the pixels of a row, not by the number of its events.
import type { AppTimeline, Details } from "../data";
import { paintGlyph } from "../glyphs";
import { t, word } from "../text";
import type { Layout, Row, Tracks } from "./layout";
import { firstBin } from "./levels";
import { paintArc, paintLifecycle } from "./origins";
import type { Palette } from "./palette";
import { paintUsage } from "./usage";

export type View = {
  from: number;
  to: number;
  width: number;
  top: number;
  height: number;
};

/** A state that is drawn wider than this is labelled. */
const LABELLED_PX = 80;
const LABEL_FONT = "11px system-ui, sans-serif";

export const xOf = (view: View, ms: number) => ((ms - view.from) / (view.to - view.from)) * view.width;
export const msOf = (view: View, x: number) => view.from + (x / view.width) * (view.to - view.from);

export class Painter {
  /** Read after the first paint: what set each entry's act off. */
  details: Details | null = null;

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly tracks: Tracks,
    private readonly layout: Layout,
    public colours: Palette,
  ) {}

  paint(view: View, ticks: number[], chosen: number | null, hovered: number | null): void {
    const { context } = this;
    context.clearRect(0, 0, view.width, view.height);
    context.save();
    context.translate(0, -view.top);
    this.unwatched(view);
    this.grid(view, ticks);
    for (const row of this.layout.rows) {
      if (row.top + row.height < view.top || row.top > view.top + view.height) continue;
      this.row(view, row);
    }
    this.marks(view);
    if (chosen !== null) this.chosen(view, chosen);
    for (const entry of new Set([chosen, hovered])) if (entry !== null && this.details) paintArc(context, this.tracks, this.layout, this.details, this.colours, view, entry);
    context.restore();
  }

  private unwatched(view: View): void {
    this.tracks.facts.apps.forEach((_, app) => {
      const rows = this.layout.rows.filter((row) => row.app === app && row.kind !== "head");
      if (!rows.length) return;
      const top = rows[0].top;
      const bottom = rows[rows.length - 1].top + rows[rows.length - 1].height;
      if (bottom < view.top || top > view.top + view.height) return;
      let from = view.from;
      const { covered } = this.tracks.facts.lanes[app];
      this.context.fillStyle = this.colours.hatch;
      const gap = (a: number, b: number) => {
        const x0 = Math.max(xOf(view, a), 0);
        const x1 = Math.min(xOf(view, b), view.width);
        if (x1 - x0 > 0) this.context.fillRect(x0, top + 1, Math.max(x1 - x0, 1), bottom - top - 2);
      };
      for (let at = 0; at < covered.length && covered[at] < view.to; at += 2) {
        if (covered[at] > from) gap(from, covered[at]);
        from = Math.max(from, covered[at + 1]);
      }
      if (from < view.to) gap(from, view.to);
    });
  }

  private grid(view: View, ticks: number[]): void {
    const { context } = this;
    context.strokeStyle = this.colours.line;
    context.lineWidth = 1;
    context.beginPath();
    for (const tick of ticks) {
      const x = Math.round(xOf(view, tick)) + 0.5;
      context.moveTo(x, view.top);
      context.lineTo(x, view.top + view.height);
    }
    for (const row of this.layout.rows) {
      const y = row.top + row.height - 0.5;
      context.moveTo(0, y);
      context.lineTo(view.width, y);
    }
    context.stroke();
  }

  private row(view: View, row: Row): void {
    const timeline = this.tracks.facts.lanes[row.app];
    if (row.kind === "state") this.states(view, row, timeline);
    else if (row.kind === "cause") this.entries(view, row, row.entries ?? []);
    else if (row.kind === "depth") this.events(view, row, row.name, row.height - 6, 1);
    else if (row.kind === "origin" && row.name === "lifecycle") paintLifecycle(this.context, this.tracks, this.colours, view, row);
    else if (row.kind === "origin") this.events(view, row, row.name, row.height - 6, 1);
    else if (row.kind === "usage") paintUsage(this.context, this.tracks, this.colours, view, row);
    else if (row.kind === "network") this.network(view, row, timeline);
    else if (row.kind === "compact") this.compact(view, row, timeline);
  }

  private states(view: View, row: Row, timeline: AppTimeline): void {
    const { context, colours } = this;
    const heights: Record<string, number> = { active: 16, inactive: 10, background: 6, unknown: 2 };
    const bottom = row.top + row.height - 4;
    const { states } = this.tracks.facts.words;
    let last = -1;
    let labelled = -Infinity;
    for (let at = 0; at < timeline.states.length; at += 3) {
      const [start, stop, code] = [timeline.states[at], timeline.states[at + 1], timeline.states[at + 2]];
      if (stop < view.from) continue;
      if (start > view.to) break;
      const x0 = Math.max(xOf(view, start), 0);
      const x1 = Math.min(Math.max(xOf(view, stop), x0 + 1), view.width);
      if (x1 < last + 0.5) continue;
      last = x1;
      const state = states[code];
      context.fillStyle = colours[state];
      context.fillRect(x0, bottom - heights[state], x1 - x0, heights[state]);
      if (x1 - x0 > LABELLED_PX) {
        if (state === "active") this.label(word("state", state), x0 + 5, bottom - 4, colours.paper);
        else if (state !== "inactive") this.label(word("state", state), x0 + 5, bottom - 8, colours.quiet);
        labelled = x0;
      }
    }
    for (let at = 0; at < timeline.suspended.length; at += 2) {
      if (timeline.suspended[at + 1] < view.from || timeline.suspended[at] > view.to) continue;
      const x0 = Math.max(xOf(view, timeline.suspended[at]), 0);
      const wide = Math.max(Math.min(xOf(view, timeline.suspended[at + 1]), view.width) - x0, 1);
      context.fillStyle = colours.ink;
      context.fillRect(x0, bottom, wide, 2);
      if (wide > LABELLED_PX && x0 > labelled + 85) this.label(t("timeline.suspended"), x0 + 5, bottom - 8, colours.ink);
    }
  }

  private entries(view: View, row: Row, entries: number[]): void {
    const { tracks } = this;
    const { facts } = tracks;
    const middle = row.top + row.height / 2;
    const marks: [number, string][] = [];
    // Neighbours of one cause that touch are drawn as one bar, so that a week of entries takes a few hundred bars.
    let run: { from: number; to: number; cause: string } | null = null;
    for (const entry of entries) {
      const begin = tracks.starts[entry];
      if (begin > view.to) break;
      const until = facts.entries.until[entry];
      if (until < view.from || !tracks.isShown(entry)) continue;
      const cause = facts.words.causes[facts.entries.cause[entry]];
      const x0 = xOf(view, begin);
      const x1 = Math.min(Math.max(xOf(view, until), x0 + 2), view.width + 9);
      if (run && run.cause === cause && x0 <= run.to + 1) run.to = Math.max(run.to, x1);
      else {
        if (run) this.bar(run, middle);
        run = { from: Math.max(x0, -9), to: x1, cause };
      }
      if (x0 > -9) marks.push([x0, cause]);
    }
    if (run) this.bar(run, middle);
    this.glyphs(marks, middle);
  }

  private bar({ from, to, cause }: { from: number; to: number; cause: string }, middle: number): void {
    const { context } = this;
    context.fillStyle = context.strokeStyle = this.colours[cause];
    if (cause === "unobserved") {
      context.strokeRect(from + 0.5, middle - 3.5, Math.max(to - from - 1, 1), 7);
      return;
    }
    context.globalAlpha = 0.35;
    context.fillRect(from, middle - 4, to - from, 8);
    context.globalAlpha = 1;
    context.fillRect(from, middle + 3, to - from, 1);
  }

  private glyphs(marks: [number, string][], middle: number): void {
    const { context } = this;
    let drawn = -Infinity;
    let ticked = -Infinity;
    context.lineWidth = 1.8;
    for (const [x, cause] of marks) {
      if (x < ticked + 3) continue;
      context.fillStyle = context.strokeStyle = this.colours[cause];
      if (x > drawn + 11) {
        paintGlyph(context, cause, x, middle, 5.5);
        drawn = x;
        ticked = x + 4;
      } else {
        context.fillRect(x, middle - 6, 1, 12);
        ticked = x;
      }
    }
    context.lineWidth = 1;
  }

  private events(view: View, row: Row, depth: string, height: number, alpha: number): void {
    const track = this.tracks.events[row.app].get(depth);
    if (!track) return;
    const { context } = this;
    const level = track.at(2 * ((view.to - view.from) / view.width));
    const scale = 1 / Math.log2(level.most + 1);
    const bottom = row.top + row.height - 3;
    context.fillStyle = this.colours[depth === "touch" ? "trigger-touch" : `depth-${depth}`];
    context.globalAlpha = alpha;
    const wide = Math.max(1.5, (level.width / (view.to - view.from)) * view.width - 0.5);
    for (let at = firstBin(level, view.from); at < level.bins.length; at++) {
      const ms = level.bins[at] * level.width;
      if (ms > view.to) break;
      const tall = Math.max(4, Math.log2(level.counts[at] + 1) * scale * height);
      context.fillRect(xOf(view, ms), bottom - tall, wide, tall);
    }
    context.globalAlpha = 1;
  }

  private network(view: View, row: Row, timeline: AppTimeline): void {
    const { context } = this;
    const middle = row.top + row.height / 2;
    context.fillStyle = this.colours.network;
    let last = -Infinity;
    for (const [first, until] of timeline.network) {
      if (until < view.from || first > view.to) continue;
      const x0 = xOf(view, first);
      const x1 = xOf(view, until);
      if (x0 > last + 1.5) {
        // A triangle at the first contact and a tick at the last: the row is a sum, not an event at each time between.
        context.beginPath();
        context.moveTo(x0 - 4, middle - 5);
        context.lineTo(x0 + 4, middle - 5);
        context.lineTo(x0, middle + 4);
        context.fill();
        last = x0;
      }
      context.fillRect(Math.max(x0, 0), middle + 6, Math.max(Math.min(x1, view.width) - Math.max(x0, 0), 1), 1);
      context.fillRect(x1 - 0.5, middle + 3, 1, 4);
    }
  }

  private compact(view: View, row: Row, timeline: AppTimeline): void {
    for (const depth of ["metadata", "thumbnail", "data", "upload"]) this.events(view, row, depth, 8, 0.7);
    this.context.fillStyle = this.colours.covered;
    for (let at = 0; at < timeline.covered.length; at += 2) {
      if (timeline.covered[at + 1] < view.from || timeline.covered[at] > view.to) continue;
      const x0 = Math.max(xOf(view, timeline.covered[at]), 0);
      this.context.fillRect(x0, row.top + row.height - 3, Math.min(xOf(view, timeline.covered[at + 1]), view.width) - x0, 2);
    }
    this.entries(view, { ...row, top: row.top - 3 }, row.entries ?? []);
  }

  private marks(view: View): void {
    const { context } = this;
    context.fillStyle = this.colours.accent;
    for (const [ms, label] of this.tracks.facts.marks) {
      if (ms < view.from || ms > view.to) continue;
      const x = Math.round(xOf(view, ms));
      for (let y = view.top; y < view.top + view.height; y += 6) context.fillRect(x, y, 1, 3);
      const text = label.slice(0, 40);
      context.font = LABEL_FONT;
      const wide = context.measureText(text).width;
      // At the right edge there is no room, so the label is before its line.
      this.label(text, x + 4 + wide > view.width ? x - 4 - wide : x + 4, view.top + 10, this.colours.accent);
    }
  }

  private chosen(view: View, entry: number): void {
    const { context, tracks } = this;
    const x0 = xOf(view, tracks.starts[entry]);
    const x1 = Math.max(xOf(view, tracks.facts.entries.until[entry]), x0 + 2);
    if (x1 < 0 || x0 > view.width) return;
    context.strokeStyle = this.colours.accent;
    context.fillStyle = this.colours.accent;
    context.globalAlpha = 0.1;
    context.fillRect(x0, view.top, x1 - x0, view.height);
    context.globalAlpha = 1;
    context.lineWidth = 1.5;
    context.strokeRect(x0 - 1, view.top - 2, x1 - x0 + 2, view.height + 4);
    context.lineWidth = 1;
  }

  private label(text: string, x: number, y: number, colour: string): void {
    this.context.font = LABEL_FONT;
    this.context.fillStyle = colour;
    this.context.fillText(text, x, y);
  }
}

