// The catalogue as the built agent has it: one line for each probe, and each set of options once. scripts/small_catalogue.mjs writes it.
import type { Depth } from "../../protocol.js";
import { named, type Options, type Probe, row } from "./types.js";

export type Common = Options & { readonly depth: Depth | null };

/**
 * Return the rows of a table. A line with one word is a class, for the lines below it; the others have a method's sign and
 * selector or a function's name, the place of their options, and the probe's name where that does not follow from the method.
 */
export function rowsOf(table: string, common: readonly Common[]): Probe[] {
  let cls = "";
  const rows: Probe[] = [];
  for (const line of table.split("\n")) {
    const [head, place, name] = line.split(" ");
    if (place === undefined) {
      cls = head!;
      continue;
    }
    const symbol = /^[-+]/.test(head!) ? `${head![0]}[${cls} ${head!.slice(1)}]` : head!;
    const { depth, ...options } = common[Number(place)]!;
    rows.push(name === undefined ? named(symbol, depth, options) : row(name, symbol, depth, options));
  }
  return rows;
}
