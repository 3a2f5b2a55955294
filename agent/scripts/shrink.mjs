// Write the agent's sources into a folder for the bundler, with small C and with the catalogue as a table. Argument: the folder.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { macrosOf, namesOf, smallText } from "./small_c.mjs";
import { tableOf, withTable } from "./small_catalogue.mjs";
import { transpile } from "./transpile.mjs";

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), "..", "src");

/** Return the templates of a source that are C: those that begin with a line end, and all in files of C. */
export function textsOfC(source, path) {
  const found = [];
  const visit = (node) => {
    const template = ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node);
    if (template && (path.endsWith("_c.ts") || (node.head ?? node).rawText.startsWith("\n"))) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The text of a template as the compiler of C gets it; `\u0001n\u0001` in the place of the script's value n. */
export function textOf(node) {
  if (node.templateSpans === undefined) return node.text;
  return node.head.text + node.templateSpans.map(({ literal }, i) => `\u0001${i}\u0001${literal.text}`).join("");
}

/** Return the texts of a script that can name a function of C; one word without `_` is likely to be something else, and C has its own rules. */
function namesIn(source) {
  const names = new Set();
  const visit = (node) => {
    if ((ts.isStringLiteral(node) || ts.isIdentifier(node)) && /^\w+_\w*$/.test(node.text)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

const escaped = (text) => text.replace(/[\\`]|\$(?=\{)/g, "\\$&");

/** Return edits that make a template small: its literal parts only, so that templates inside of its values can be edited too. */
function editsOf(node, rename) {
  const parts = smallText(textOf(node), rename).split(/\u0001\d+\u0001/);
  const literals = node.templateSpans === undefined ? [node] : [node.head, ...node.templateSpans.map(({ literal }) => literal)];
  return literals.map((literal, i) => {
    const last = i === literals.length - 1;
    return { start: literal.getStart() + 1, end: literal.end - (last ? 1 : 2), text: escaped(parts[i]) };
  });
}

function apply(text, edits) {
  for (const { start, end, text: put } of edits.sort((a, b) => b.start - a.start)) text = text.slice(0, start) + put + text.slice(end);
  return text;
}

const HOME_OF_MACROS = "native.ts";
const NO_MACROS = 'const SHORT_WORDS_C = "";';

function withMacros(text, macros) {
  if (!text.includes(NO_MACROS)) throw new Error(`${HOME_OF_MACROS} has no line ${NO_MACROS}`);
  const lines = [...macros].map(([word, short]) => `#define ${short} ${word}\n`);
  return text.replace(NO_MACROS, () => `const SHORT_WORDS_C = \`${lines.join("")}\`;`);
}

/** Return the agent's sources, by path. */
export function sourcesIn() {
  const files = readdirSync(SOURCE, { recursive: true }).filter((path) => path.endsWith(".ts"));
  return new Map(files.map((path) => [path, ts.createSourceFile(path, readFileSync(join(SOURCE, path), "utf8"), ts.ScriptTarget.ES2022, true)]));
}

/** Return the short names and the macros of all C, and what renames a token. */
export function shortWords(sources) {
  const texts = [...sources].flatMap(([path, source]) => textsOfC(source, path)).map(textOf);
  const names = namesOf(texts, [...sources.values()].flatMap((source) => [...namesIn(source)]));
  const name = (token) => names.get(token) ?? token;
  const macros = macrosOf(texts.map((text) => smallText(text, { name, word: name })));
  return { names, macros, rename: { name, word: (token) => macros.get(name(token)) ?? name(token) } };
}

const CATALOGUE = join("probes", "catalogue", "index.ts");

/** Return the catalogue as a table. `folder`: to work in. */
export async function catalogueIn(folder) {
  const load = (name) => import(pathToFileURL(join(transpile(folder), "probes", "catalogue", name)));
  const { probes } = await load("index.js");
  return tableOf(probes, await load("types.js"));
}

async function shrink(folder) {
  const sources = sourcesIn();
  const { macros, rename } = shortWords(sources);
  const catalogue = await catalogueIn(join(folder, "..", "plain"));
  for (const [path, source] of sources) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    let text = apply(source.text, textsOfC(source, path).flatMap((node) => editsOf(node, rename)));
    if (path === HOME_OF_MACROS) text = withMacros(text, macros);
    if (path === CATALOGUE) text = withTable(text, catalogue);
    writeFileSync(target, text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await shrink(process.argv[2]);
