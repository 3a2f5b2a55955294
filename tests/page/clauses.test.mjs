// Every statement has a text in both languages. The English is the host's, and the Chinese has every number and name.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../../host/page/package.json", import.meta.url));
const { buildSync } = require("esbuild");
const texts = fileURLToPath(new URL("../../host/page/src/text/", import.meta.url));
const entry = ["clauses", "en/clauses", "zh/clauses", "en/triggers", "briefs", "words"].map((name) => `export * from "./${name}";`).join("\n");
const built = buildSync({ stdin: { contents: entry, resolveDir: texts, loader: "ts" }, bundle: true, format: "esm", write: false }).outputFiles[0].text;
const { statementText, sentence, clausesEn, clausesZh, assumptionsEn, assumptionsZh, briefEn, briefZh, plain, triggers } = await import(`data:text/javascript,${encodeURIComponent(built)}`);
const pages = process.env.LIGHTLEAK_PAGES ?? fileURLToPath(new URL("../../build/pages", import.meta.url));
const { statements, briefs, sentences, assumptions, names } = JSON.parse(readFileSync(`${pages}/statements.json`, "utf8"));

const ENGLISH = /\b(the|was|were|is|and|near|seen|of|lost|app)\b/;
const numbers = (text) => [...text.replaceAll(/\b(One|once)\b/g, "1").matchAll(/\d+(?:\.\d+)?/g)].map(String);

test("the English of every statement is the host's", () => {
  assert.ok(statements.length > 150, String(statements.length));
  for (const { statement, english } of statements) assert.equal(plain(statementText(clausesEn, statement)), english, JSON.stringify(statement));
});

test("the Chinese of every statement has its numbers and names", () => {
  for (const { statement, english, names } of statements) {
    const text = plain(statementText(clausesZh, statement));
    const lost = [...numbers(english).filter((number) => !numbers(text).includes(number)), ...names.filter((name) => !text.includes(name))];
    assert.deepEqual(lost, [], `${english}\n${text}`);
    const own = names.reduce((rest, name) => rest.replaceAll(name, ""), text);
    assert.doesNotMatch(own, ENGLISH, text);
  }
});

test("the sentences of simulated weeks are the host's", () => {
  assert.ok(sentences.length > 200, String(sentences.length));
  for (const { clauses, why } of sentences) {
    assert.equal(plain(sentence(clausesEn, clauses, "; ", ".")), why);
    assert.match(plain(sentence(clausesZh, clauses, "；", "。")), /[^；]。$/);
  }
});

test("the English of every brief is the host's, and the Chinese is short and has no English in it", () => {
  for (const { brief, english } of briefs) {
    assert.equal(briefEn(brief), english, JSON.stringify(brief));
    const text = briefZh(brief);
    assert.ok(text.length <= 140, text);
    assert.doesNotMatch(text, /[a-z]/i, text);
    if (["none", "notification", "open"].includes(brief.depth) && brief.act !== "used") assert.doesNotMatch(text, /请求了/, text);
  }
});

test("the names of triggers are those of a terminal", () => {
  for (const [kind, name] of Object.entries(names)) assert.equal(triggers[`trigger.${kind}`], name);
  assert.ok(Object.keys(names).length > 6);
});

test("every assumption has a text in both languages", () => {
  for (const [name, english] of assumptions) {
    assert.equal(assumptionsEn[name], english);
    assert.doesNotMatch(assumptionsZh[name], ENGLISH);
  }
  assert.equal(Object.keys(assumptionsZh).length, assumptions.length);
});
