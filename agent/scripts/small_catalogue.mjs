// Write the catalogue as a table, in which a class and a set of options are written once. Pure; src/probes/catalogue/table.ts reads it.

/** Return `{ table, common }` for `rowsOf`. `types`: the module catalogue/types, which knows what a row is without options. */
export function tableOf(probes, { named, row }) {
  const lines = [];
  const common = [];
  let last;
  for (const one of probes) {
    const { probe, symbol, depth, ...options } = one;
    const usual = row(probe, symbol, depth);
    for (const key of Object.keys(options)) if (JSON.stringify(options[key]) === JSON.stringify(usual[key])) delete options[key];
    const text = JSON.stringify({ depth, ...options });
    if (!common.includes(text)) common.push(text);
    const [, sign, cls, selector] = /^([-+])\[(\S+) (\S+)\]$/.exec(symbol) ?? [];
    if (cls !== undefined && cls !== last) lines.push((last = cls));
    const follows = /^[-+]\[(?:PH)?\w+ \w+/.test(symbol) && named(symbol, depth).probe === probe;
    lines.push(`${cls === undefined ? symbol : sign + selector} ${common.indexOf(text)}${follows ? "" : ` ${probe}`}`);
  }
  return { table: lines.join("\n"), common: common.map((text) => JSON.parse(text)) };
}

const PROBES = /export const probes: readonly Probe\[\] = \[[^\]]*\];/;

/** Return the source of catalogue/index with the table in the place of the rows. */
export function withTable(source, { table, common }) {
  if (!PROBES.test(source)) throw new Error("catalogue/index.ts has no line `export const probes: readonly Probe[] = [...];`");
  const rows = `export const probes: readonly Probe[] = rowsOf(${JSON.stringify(table)}, ${JSON.stringify(common)});`;
  const imports = source.replace(/^import \{ \w+ \} from .*\n/gm, "");
  return `import { rowsOf } from "./table.js";\n${imports.replace(PROBES, () => rows)}`;
}
