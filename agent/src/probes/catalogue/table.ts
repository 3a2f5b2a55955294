// The catalogue as the built agent has it: one line for each probe, and each set of options once. scripts/small_catalogue.mjs writes it.
import type { Depth, ProbeSet } from "../../protocol.js";
import { type Decode, type Handle, named, type Options, type Probe, row } from "./types.js";

/** Return one set of options: depth, since (`-`: private), deprecated, marks, handle, the place of what it decodes, sets. Missing is as `row` has it. */
function optionsOf(line: string, decodes: readonly Decode[]): Options & { readonly depth: Depth | null } {
  const [depth, since, deprecated, marks = "", handle, decode, sets] = line.split(",");
  return {
    depth: (depth || null) as Depth | null,
    ...(since && { since: since === "-" ? null : since }),
    deprecated: deprecated || null,
    required: marks.includes("r"),
    timed: marks.includes("t"),
    funnel: marks.includes("f"),
    ...(handle && { handle: handle as Handle }),
    ...(decode && { decode: decodes[Number(decode)]! }),
    ...(sets && { sets: sets.split("+") as ProbeSet[] }),
  };
}

/**
 * Return the rows of a table. A line with one word is a class, for the lines below it; the others have a method's sign and
 * selector or a function's name, the place of their options in `common`, and the probe's name where that does not follow from the method.
 */
export function rowsOf(table: string, common: string, decodes: readonly Decode[]): Probe[] {
  const all = common.split("\n").map((line) => optionsOf(line, decodes));
  let cls = "";
  const rows: Probe[] = [];
  for (const line of table.split("\n")) {
    const [head, place, name] = line.split(" ");
    if (place === undefined) {
      cls = head!;
      continue;
    }
    const symbol = /^[-+]/.test(head!) ? `${head![0]}[${cls} ${head!.slice(1)}]` : head!;
    const { depth, ...options } = all[Number(place)]!;
    rows.push(name === undefined ? named(symbol, depth, options) : row(name, symbol, depth, options));
  }
  return rows;
}
