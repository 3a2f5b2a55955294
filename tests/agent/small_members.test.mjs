// Members of the agent's own classes and interfaces get short names when it is built: not where others may know them.
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { editsOfMembers, membersOf, namesOfMembers, programOf } from "../../agent/scripts/small_members.mjs";

const AGENT = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "agent");

/** Return the names that are made short, and the first source with them; `more`: other sources, by name. */
function small(source, more = {}) {
  const texts = new Map(Object.entries({ "first.ts": source, ...more }).map(([name, text]) => [join(AGENT, "src", name), `${text}\nexport {};`]));
  const members = membersOf(programOf(AGENT, texts), ({ fileName }) => texts.has(fileName));
  const names = namesOfMembers(members);
  const [file] = texts.keys();
  const edits = editsOfMembers(members, names).get(file).sort((a, b) => b.start - a.start);
  const text = edits.reduce((before, { start, end, text: put }) => before.slice(0, start) + put + before.slice(end), texts.get(file));
  return { names: [...names.keys()].sort(), text: text.replace("\nexport {};", "") };
}

test("members of classes and interfaces are short everywhere", () => {
  const { names, text } = small("interface Point { across: number } class Line { private begin: Point = { across: 1 }; read() { const { begin } = this; return begin.across; } } new Line().read();");
  assert.deepEqual(names, ["across", "begin", "read"]);
  assert.doesNotMatch(text, /across: 1|\.begin|\.across|read \(/);
});

test("a parameter that is a member is renamed with its uses", () => {
  const { text } = small("class Line { constructor(private readonly point: number) { this.point += point; } read() { return this.point; } } new Line(1);");
  assert.match(text, /private readonly (\w)\w*: number\) \{ this\.\1\w* \+= \1/);
});

for (const [why, source, more] of [
  ["Frida declares it", "class Line { base = 1; } declare const module: Module; module.base; new Line().base;"],
  ["the checker does not know the object", "class Line { point = 1; } declare const any: any; any.point; new Line();"],
  ["it is a key of an object that is not known to be ours", "class Line { point = 1; } export const others = { point: 1 }; new Line();"],
  ["it is a symbol for C", 'class Line { point = NULL; } const { point } = new Line(); new CModule("", { point });'],
  ["it is a text", 'class Line { point = 1; } export const text = "point"; new Line();'],
  ["it is made JSON", "interface Line { point: { point: number } } declare const line: Line; JSON.stringify(line);"],
  ["it is part of what is sent", "interface Line { point: number } declare const lines: { rows: readonly Line[] }; send({ lines }); send(lines);"],
  ["a loop reads keys", "interface Line { point: number } declare const line: Line; for (const key in line) key;"],
  ["it comes from outside", 'interface Line { point: number } (JSON.parse("") as Line).point;'],
  ["the host calls it", "interface Line { point: number } rpc.exports = { draw: (): Line => ({ point: 1 }) };"],
  ["another script calls it by its name", "class Line { point() { return 1; } } declare const key: keyof Line; new Line()[key]();"],
  ["it is of a message", 'import type { Line } from "./protocol.js"; declare const line: Line; line.point;', { "protocol.ts": "export interface Line { point: number }" }],
  ["JavaScript looks for it", "class Line { toString() { return 'point'; } } new Line();"],
]) {
  test(`a name is kept where ${why}`, () => assert.deepEqual(small(source, more).names, []));
}

test("a number of a table of constants is written in its place", () => {
  const { text } = small("const PLACES = { tail: 16 } as const; export const at = PLACES.tail / 4;");
  assert.match(text, /at = 16 \/ 4/);
});

test("sources with errors are refused: nothing can be said of their names", () => {
  assert.throws(() => small("class Line { point: Missing = 1; }"), /Missing/);
});
