// The rows of the timeline and their positions.
import { DEPTHS, type Facts, type Table } from "../data";
import { CAUSES } from "../glyphs";
import { Track } from "./levels";
import { LIFECYCLE } from "./origins";
import { hasUsage, USAGE } from "./usage";

export type Row = {
  kind: "head" | "compact" | "state" | "origin" | "cause" | "depth" | "network" | "usage";
  /** Number in `facts.apps`. */
  app: number;
  name: string;
  top: number;
  height: number;
  track?: Track;
  entries?: number[];
};

/** The rows of what can set an act off. */
const ORIGINS = ["touch", "lifecycle", "notification"];
/** The depths with a row among what the app did; a delivered notification is an origin. */
const ACTS = DEPTHS.filter((depth) => depth !== "notification");
/** These rows are there even without an event, for it means something that there is none. */
const ALWAYS = ACTS.filter((depth) => depth !== "upload");

/** Up to so many apps are shown with all their rows at first. */
const EXPANDED_AT_FIRST = 3;

export class Tracks {
  /** For each app: row → its events. */
  readonly events: Map<string, Track>[];
  /** For each app: its entries in order of their start. */
  readonly entries: number[][];
  /** For each entry its start. An entry without one is at the start of the timeline. */
  readonly starts: Float64Array;
  readonly sortedStarts: Float64Array;
  /** The entries that the reader chose; null for all. The others are not drawn. */
  shown: ReadonlySet<number> | null = null;

  constructor(readonly facts: Facts) {
    this.events = facts.lanes.map((timeline) => read(timeline.rows));
    this.starts = Float64Array.from(facts.entries.begin, (begin) => begin ?? 0);
    this.sortedStarts = this.starts.slice().sort();
    this.entries = facts.apps.map(() => []);
    facts.entries.app.forEach((app, entry) => this.entries[app].push(entry));
    for (const list of this.entries) list.sort((a, b) => this.starts[a] - this.starts[b]);
  }

  isShown(entry: number): boolean {
    return this.shown === null || this.shown.has(entry);
  }

  /** Replace the events by finer ones. */
  refine(levels: Record<string, Table>[]): void {
    levels.forEach((rows, app) => (this.events[app] = read(rows)));
  }
}

const read = (rows: Record<string, Table>) =>
  new Map(Object.entries(rows).map(([name, table]): [string, Track] => [name, new Track(table)]));

export class Layout {
  rows: Row[] = [];
  height = 0;
  readonly expanded: Set<number>;

  constructor(private readonly tracks: Tracks) {
    const count = tracks.facts.apps.length;
    this.expanded = new Set(count <= EXPANDED_AT_FIRST ? tracks.facts.apps.keys() : []);
    this.arrange();
  }

  arrange(): void {
    this.rows = [];
    this.height = 0;
    const several = this.tracks.facts.apps.length > 1;
    this.tracks.facts.apps.forEach(({ id }, app) => {
      const add = (kind: Row["kind"], name: string, height: number, more: Partial<Row> = {}) => {
        this.rows.push({ kind, app, name, top: this.height, height, ...more });
        this.height += height;
      };
      if (several) add(this.expanded.has(app) ? "head" : "compact", id, 26, { entries: this.tracks.entries[app] });
      if (!this.expanded.has(app)) return;
      add("state", "state", 24);
      const { facts } = this.tracks;
      for (const name of ORIGINS) {
        const track = this.tracks.events[app].get(name);
        add("origin", name, 20, track ? { track } : {});
      }
      for (const cause of CAUSES) {
        const code = facts.words.causes.indexOf(cause);
        const entries = this.tracks.entries[app].filter((entry) => facts.entries.cause[entry] === code);
        if (entries.length) add("cause", cause, 24, { entries });
      }
      for (const depth of [...ACTS, "write", "picker"]) {
        const track = this.tracks.events[app].get(depth);
        if (track || ALWAYS.includes(depth)) add("depth", depth, 22, track ? { track } : {});
      }
      if (facts.lanes[app].network.length) add("network", "network", 24);
      for (const figure of USAGE) if (hasUsage(facts.lanes[app].usage, figure)) add("usage", figure, 26);
      this.height += several ? 10 : 0;
    });
  }

  /** Return how many events a row of origins has. */
  total(row: Row): number {
    const { events } = this.tracks;
    return row.name === "lifecycle" ? LIFECYCLE.reduce((sum, kind) => sum + (events[row.app].get(kind)?.total ?? 0), 0) : (row.track?.total ?? 0);
  }

  rowAt(y: number): Row | undefined {
    return this.rows.find((row) => y >= row.top && y < row.top + row.height);
  }

  toggle(app: number): void {
    if (!this.expanded.delete(app)) this.expanded.add(app);
    this.arrange();
  }
}
