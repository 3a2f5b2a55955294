// The events of a row, counted in bins of time of several widths. The host counts the finest; coarser bins are sums of finer ones.
import type { Table } from "../data";

export type Level = { width: number; bins: Float64Array; counts: Float64Array; most: number };

const STEP = 4;
const FEWEST = 64;

export class Track {
  readonly total: number;
  private readonly levels: Level[];

  constructor(table: Table) {
    const bins = new Float64Array(table.bins.length);
    let bin = 0;
    table.bins.forEach((step, at) => (bins[at] = bin += step));
    const counts = table.counts.length ? Float64Array.from(table.counts) : new Float64Array(bins.length).fill(1);
    this.total = counts.reduce((sum, count) => sum + count, 0);
    this.levels = [level(table.width, bins, counts)];
    while (this.levels[this.levels.length - 1].bins.length > FEWEST) {
      this.levels.push(coarser(this.levels[this.levels.length - 1]));
    }
  }

  /** Return the finest level whose bins are at least as wide as a pixel: `ms_per_px`. */
  at(ms_per_px: number): Level {
    return this.levels.find((one) => one.width >= ms_per_px) ?? this.levels[this.levels.length - 1];
  }

  get finest(): Level {
    return this.levels[0];
  }
}

/** Return the position of the first bin that ends after a time. */
export function firstBin(one: Level, ms: number): number {
  return lowerBound(one.bins, Math.floor(ms / one.width));
}

/** Return the position of the first value that is not less than `value`. */
export function lowerBound(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function level(width: number, bins: Float64Array, counts: Float64Array): Level {
  return { width, bins, counts, most: counts.reduce((most, count) => Math.max(most, count), 1) };
}

function coarser(fine: Level): Level {
  const bins: number[] = [];
  const counts: number[] = [];
  for (let at = 0; at < fine.bins.length; at++) {
    const bin = Math.floor(fine.bins[at] / STEP);
    if (bins[bins.length - 1] === bin) counts[counts.length - 1] += fine.counts[at];
    else {
      bins.push(bin);
      counts.push(fine.counts[at]);
    }
  }
  return level(fine.width * STEP, Float64Array.from(bins), Float64Array.from(counts));
}
