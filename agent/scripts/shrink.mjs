// Write the agent's sources into a folder for the bundler, with small C, the catalogue as a table, and short names for members.
// Argument: the folder. With --names, the short names are printed instead, to read a stack of the built agent.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { shortWordsOf, smallText, tokensOf } from "./small_c.mjs";
import { tableOf, withTable } from "./small_catalogue.mjs";
import { editsOfMembers, membersOf, namesOfMembers, programOf } from "./small_members.mjs";
import { transpile } from "./transpile.mjs";

const AGENT = join(dirname(fileURLToPath(import.meta.url)), "..");
const SOURCE = join(AGENT, "src");
/** Scripts of their own, which are built as they are. */
const TOOLS = /^tools[\\/]/;

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

/**
 * Return the texts of a script that can name something in C: a function (one word without `_` is likely to be something else, and
 * C has its own rules), or the words of a macro that the script writes.
 */
function namesIn(source) {
  const names = new Set();
  const visit = (node) => {
    if ((ts.isStringLiteral(node) || ts.isIdentifier(node)) && /^\w+_\w*$/.test(node.text)) names.add(node.text);
    const text = ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateHead(node) ? node.text : "";
    if (text.startsWith("#define")) tokensOf(text).forEach((token) => names.add(token));
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
  if (parts.length !== literals.length) throw new Error(`a comment in C has a value of the script: ${textOf(node).slice(0, 200)}`);
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
  const { names, macros } = shortWordsOf(texts, [...sources.values()].flatMap((source) => [...namesIn(source)]));
  const name = (token) => names.get(token) ?? token;
  return { names, macros, rename: { name, word: (token) => macros.get(name(token)) ?? name(token) } };
}

const CATALOGUE = join("probes", "catalogue", "index.ts");

/** Return the catalogue as a table. `folder`: to work in. */
export async function catalogueIn(folder) {
  const load = (name) => import(pathToFileURL(join(transpile(folder), "probes", "catalogue", name)));
  const { probes } = await load("index.js");
  return tableOf(probes, await load("types.js"));
}

/** Return the members of the agent's classes and interfaces. `catalogue`: as a table. */
export function membersIn(sources, catalogue) {
  const texts = new Map();
  for (const [path, { text }] of sources) if (!TOOLS.test(path)) texts.set(join(SOURCE, path), path === CATALOGUE ? withTable(text, catalogue) : text);
  return membersOf(programOf(AGENT, texts), ({ fileName }) => texts.has(fileName));
}

async function shrink(folder) {
  const sources = sourcesIn();
  const { macros, rename } = shortWords(sources);
  const members = membersIn(sources, await catalogueIn(join(folder, "..", "plain")));
  const edits = editsOfMembers(members, namesOfMembers(members));
  const texts = new Map();
  for (const source of members.sources) {
    const path = relative(SOURCE, source.fileName);
    const text = apply(source.text, [...textsOfC(source, path).flatMap((node) => editsOf(node, rename)), ...edits.get(source.fileName)]);
    texts.set(source.fileName, path === HOME_OF_MACROS ? withMacros(text, macros) : text);
  }
  programOf(AGENT, texts); // throws where a place was missed
  for (const [file, text] of texts) {
    const target = join(folder, relative(SOURCE, file));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

async function printNames() {
  const folder = mkdtempSync(join(tmpdir(), "agent-names-"));
  try {
    const names = namesOfMembers(membersIn(sourcesIn(), await catalogueIn(folder)));
    for (const [name, short] of names) console.log(`${short} ${name}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [argument] = process.argv.slice(2);
  await (argument === "--names" ? printNames() : shrink(argument));
}
