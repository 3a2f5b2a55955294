// Paper has no next page and no entry to open: it gets the deepest entries in the background first, each with its explanation.
import type { Facts } from "./data";

/** More rows than these are left out, and a note says so. */
const PAPER_ROWS = 400;

export function onPaper({ entries }: Facts, found: number[]): number[] {
  // Found is in the reader's order, which stays that of equals.
  const rank = (entry: number) => entries.background[entry] * 100 + entries.depth[entry];
  return [...found].sort((a, b) => rank(b) - rank(a)).slice(0, PAPER_ROWS);
}
