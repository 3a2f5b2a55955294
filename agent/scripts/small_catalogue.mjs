// Write the catalogue as a table, in which a class and a set of options are written once. Pure; src/probes/catalogue/table.ts reads it.

/** Return `{ table, common, decodes }` for `rowsOf`. `types`: the module catalogue/types, which knows what a row is without options. */
export function tableOf(probes, { named, row }) {
  const lines = [];
  const common = [];
  const decodes = [];
  const placeIn = (list, one) => (list.includes(one) ? list.indexOf(one) : list.push(one) - 1);
  const usual = row("", "", null);
  let last;
  for (const { probe, symbol, depth, since, deprecated, required, timed, funnel, handle, decode, sets } of probes) {
    const words = [
      depth ?? "",
      since === usual.since ? "" : (since ?? "-"),
      deprecated ?? "",
      (required ? "r" : "") + (timed ? "t" : "") + (funnel ? "f" : ""),
      handle === usual.handle ? "" : handle,
      Object.keys(decode).length === 0 ? "" : placeIn(decodes, JSON.stringify(decode)),
      String(sets) === String(usual.sets) ? "" : sets.join("+"),
    ];
    const place = placeIn(common, words.join(",").replace(/,+$/, ""));
    const [, sign, cls, selector] = /^([-+])\[(\S+) (\S+)\]$/.exec(symbol) ?? [];
    if (cls !== undefined && cls !== last) lines.push((last = cls));
    const follows = /^[-+]\[(?:PH)?\w+ \w+/.test(symbol) && named(symbol, depth).probe === probe;
    lines.push(`${cls === undefined ? symbol : sign + selector} ${place}${follows ? "" : ` ${probe}`}`);
  }
  return { table: lines.join("\n"), common: common.join("\n"), decodes: decodes.map((text) => JSON.parse(text)) };
}

const PROBES = /export const probes: readonly Probe\[\] = \[[^\]]*\];/;

/** Return the source of catalogue/index with the table in the place of the rows. */
export function withTable(source, { table, common, decodes }) {
  if (!PROBES.test(source)) throw new Error("catalogue/index.ts has no line `export const probes: readonly Probe[] = [...];`");
  // Keys without quotes: they are members of Decode, whose names small_members.mjs may make short.
  const decoded = JSON.stringify(decodes).replace(/"(\w+)":/g, "$1:");
  const rows = `export const probes: readonly Probe[] = rowsOf(${JSON.stringify(table)}, ${JSON.stringify(common)}, ${decoded});`;
  const imports = source.replace(/^import \{ \w+ \} from .*\n/gm, "");
  return `import { rowsOf } from "./table.js";\n${imports.replace(PROBES, () => rows)}`;
}
