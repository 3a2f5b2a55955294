// Which rows the timeline has, and where they stand.
import type { Facts, Table } from "../data";
import { CAUSES } from "../glyphs";
import { Track } from "./levels";

export type Row = {
  kind: "head" | "compact" | "state" | "cause" | "depth" | "network";
  lane: number;
  name: string;
  top: number;
  height: number;
  track?: Track;
  entries?: number[];
};

export const LADDER = ["data", "thumbnail", "metadata", "open", "notification"];
const EXPANDED_AT_FIRST = 3;

export class Tracks {
  /** Lane → row → its events. */
  readonly lanes: Map<string, Track>[];
  /** Lane → entries by begin; those without a begin at the start of the page. */
  readonly entries: number[][];
  readonly begin: Float64Array;
  /** The same in order of time. */
  readonly begins: Float64Array;

  constructor(readonly facts: Facts) {
    this.lanes = facts.lanes.map((lane) => read(lane.rows));
    this.begin = Float64Array.from(facts.entries.begin, (begin) => begin ?? 0);
    this.begins = this.begin.slice().sort();
    this.entries = facts.apps.map(() => []);
    facts.entries.app.forEach((app, entry) => this.entries[app].push(entry));
    for (const list of this.entries) list.sort((a, b) => this.begin[a] - this.begin[b]);
  }

  refine(levels: Record<string, Table>[]): void {
    levels.forEach((rows, lane) => (this.lanes[lane] = read(rows)));
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
    this.tracks.facts.apps.forEach((app, lane) => {
      const add = (kind: Row["kind"], name: string, height: number, more: Partial<Row> = {}) => {
        this.rows.push({ kind, lane, name, top: this.height, height, ...more });
        this.height += height;
      };
      if (several) add(this.expanded.has(lane) ? "head" : "compact", app.id, 26, { entries: this.tracks.entries[lane] });
      if (!this.expanded.has(lane)) return;
      add("state", "state", 24);
      const { facts } = this.tracks;
      for (const cause of CAUSES) {
        const code = facts.words.causes.indexOf(cause);
        const entries = this.tracks.entries[lane].filter((entry) => facts.entries.cause[entry] === code);
        if (entries.length) add("cause", cause, 24, { entries });
      }
      const tracks = this.tracks.lanes[lane];
      for (const depth of [...LADDER, "write", "picker"]) {
        const track = tracks.get(depth);
        if (track || LADDER.includes(depth)) add("depth", depth, 22, track ? { track } : {});
      }
      if (facts.lanes[lane].network.length) add("network", "network", 24);
      this.height += several ? 10 : 0;
    });
  }

  rowAt(y: number): Row | undefined {
    return this.rows.find((row) => y >= row.top && y < row.top + row.height);
  }

  toggle(lane: number): void {
    if (!this.expanded.delete(lane)) this.expanded.add(lane);
    this.arrange();
  }
}
