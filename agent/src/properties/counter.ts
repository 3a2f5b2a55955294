// What a lane counts, and the answer without a compiler: in maps. Pure.
import type { At } from "../protocol.js";

/** The calls of one getter because of one origin, in one second. */
export interface Counted {
  readonly getter: number;
  readonly cause: number | null;
  /** A framework's own calls. */
  readonly internal: boolean;
  /** When the first of them was. */
  readonly at: At;
  readonly count: number;
  /** Of how many distinct assets, as far as that could be seen. */
  readonly assets: number;
  /** How many of the assets were not counted before in this run of seconds. */
  readonly fresh: number;
  /** How many calls were of an asset that is not known, or for which there was no room. */
  readonly vague: number;
}

export interface Counter {
  /** Called with the first call that is counted after `sleep`. */
  onCount: () => void;
  sleep(): void;
  /** Count into the other half from now on. */
  turn(): void;
  /** Whether nothing is still counted into the half that was left, or into the set that is paused. */
  isQuiet(): boolean;
  /** Return what the half that was left has counted, and empty it. */
  take(): Counted[];
  /** Forget which assets were counted: `pauseSeen(true)`, and when it is quiet `clearSeen()`, `pauseSeen(false)`. */
  pauseSeen(paused: boolean): void;
  clearSeen(): void;
}

const MOST_WINDOW = 49_152;
const MOST_SEEN = 98_304;

interface Tally {
  readonly at: At;
  readonly getter: number;
  readonly cause: number | null;
  readonly internal: boolean;
  readonly assets: Set<string>;
  count: number;
  fresh: number;
  vague: number;
}

export class ScriptCounter implements Counter {
  onCount: () => void = () => undefined;
  private asleep = true;
  private tallies = new Map<string, Tally>();
  private left = this.tallies;
  private held = 0;
  private readonly seen = new Map<number, Set<string>>();
  private seenCount = 0;

  constructor(private readonly now: () => At) {}

  count(getter: number, cause: number | null, internal: boolean, asset: string | null): void {
    const key = `${getter} ${cause} ${internal}`;
    let tally = this.tallies.get(key);
    if (tally === undefined) this.tallies.set(key, (tally = { at: this.now(), getter, cause, internal, assets: new Set(), count: 0, fresh: 0, vague: 0 }));
    tally.count++;
    if (asset === null || (!tally.assets.has(asset) && this.held >= MOST_WINDOW)) tally.vague++;
    else if (!tally.assets.has(asset)) {
      tally.assets.add(asset);
      this.held++;
      if (this.isNew(getter, asset)) tally.fresh++;
    }
    if (!this.asleep) return;
    this.asleep = false;
    this.onCount();
  }

  private isNew(getter: number, asset: string): boolean {
    let seen = this.seen.get(getter);
    if (seen === undefined) this.seen.set(getter, (seen = new Set()));
    if (seen.has(asset) || this.seenCount >= MOST_SEEN) return false;
    seen.add(asset);
    this.seenCount++;
    return true;
  }

  sleep(): void {
    this.asleep = true;
  }

  turn(): void {
    this.left = this.tallies;
    this.tallies = new Map();
    this.held = 0;
  }

  isQuiet(): boolean {
    return true;
  }

  take(): Counted[] {
    const counted = [...this.left.values()].map((tally) => ({ ...tally, assets: tally.assets.size }));
    this.left = new Map();
    return counted;
  }

  pauseSeen(): void {
    // One thread at a time runs the script.
  }

  clearSeen(): void {
    this.seen.clear();
    this.seenCount = 0;
  }
}
