// Every statement has its text in both languages: the English is the host's, and the Chinese loses no number and no name.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../../host/page/package.json", import.meta.url));
const { buildSync } = require("esbuild");
const texts = fileURLToPath(new URL("../../host/page/src/text/", import.meta.url));
const entry = ["clauses", "clauses_en", "clauses_zh", "briefs", "words"].map((name) => `export * from "./${name}";`).join("\n");
const built = buildSync({ stdin: { contents: entry, resolveDir: texts, loader: "ts" }, bundle: true, format: "esm", write: false }).outputFiles[0].text;
const { said, sentence, clausesEn, clausesZh, assumptionsEn, assumptionsZh, briefEn, briefZh, plain } = await import(`data:text/javascript,${encodeURIComponent(built)}`);
const pages = process.env.LIGHTLEAK_PAGES ?? fileURLToPath(new URL("../../build/pages", import.meta.url));
const { statements, briefs, sentences, assumptions } = JSON.parse(readFileSync(`${pages}/statements.json`, "utf8"));

const ENGLISH = /\b(the|was|were|is|and|near|seen|of|lost|app)\b/;
const numbers = (text) => [...text.replaceAll(/\b(One|once)\b/g, "1").matchAll(/\d+(?:\.\d+)?/g)].map(String);

test("every statement is said in English as the host says it", () => {
  assert.ok(statements.length > 150, String(statements.length));
  for (const { statement, english } of statements) assert.equal(plain(said(clausesEn, statement)), english, JSON.stringify(statement));
});

test("every statement is said in Chinese, with its numbers and names", () => {
  for (const { statement, english, names } of statements) {
    const text = plain(said(clausesZh, statement));
    const lost = [...numbers(english).filter((number) => !numbers(text).includes(number)), ...names.filter((name) => !text.includes(name))];
    assert.deepEqual(lost, [], `${english}\n${text}`);
    const own = names.reduce((rest, name) => rest.replaceAll(name, ""), text);
    assert.doesNotMatch(own, ENGLISH, text);
  }
});

test("sentences of whole weeks are the host's", () => {
  assert.ok(sentences.length > 200, String(sentences.length));
  for (const { clauses, why } of sentences) {
    assert.equal(plain(sentence(clausesEn, clauses, "; ", ".")), why);
    assert.match(plain(sentence(clausesZh, clauses, "；", "。")), /[^；]。$/);
  }
});

test("every brief is the host's in English, and short and without English in Chinese", () => {
  for (const { brief, english } of briefs) {
    assert.equal(briefEn(brief), english, JSON.stringify(brief));
    const text = briefZh(brief);
    assert.ok(text.length <= 140, text);
    assert.doesNotMatch(text, /[a-z]/i, text);
    if (["none", "notification", "open"].includes(brief.depth) && brief.act !== "used") assert.doesNotMatch(text, /请求了/, text);
  }
});

test("every assumption is said in both languages", () => {
  for (const [name, english] of assumptions) {
    assert.equal(assumptionsEn[name], english);
    assert.doesNotMatch(assumptionsZh[name], ENGLISH);
  }
  assert.equal(Object.keys(assumptionsZh).length, assumptions.length);
});
