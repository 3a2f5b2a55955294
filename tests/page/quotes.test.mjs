// What may be written, and what not: in English with the host's words, in Chinese with every number and name.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../../host/page/package.json", import.meta.url));
const { buildSync } = require("esbuild");
const texts = fileURLToPath(new URL("../../host/page/src/text/", import.meta.url));
const entry = ["quotes", "en/quotes", "zh/quotes", "words"].map((name) => `export * from "./${name}";`).join("\n");
const built = buildSync({ stdin: { contents: entry, resolveDir: texts, loader: "ts" }, bundle: true, format: "esm", write: false }).outputFiles[0].text;
const { quoteText, quotesEn, quotesZh, plain } = await import(`data:text/javascript,${encodeURIComponent(built)}`);
const pages = process.env.LIGHTLEAK_PAGES ?? fileURLToPath(new URL("../../build/pages", import.meta.url));
const { quotes } = JSON.parse(readFileSync(`${pages}/statements.json`, "utf8"));

const numbers = (text) => text.replaceAll("midnight and 6:00", "").match(/\d[\d,.:]*\d|\d/g) ?? [];

test("the English of every quote is the host's", () => {
  assert.ok(quotes.length > 80, String(quotes.length));
  for (const { quote, english } of quotes) assert.equal(plain(quoteText(quotesEn, quote)), english, JSON.stringify(quote));
});

test("the Chinese of every quote has its numbers and names, and no English", () => {
  for (const { quote, english, names } of quotes) {
    const text = plain(quoteText(quotesZh, quote));
    const lost = [...numbers(english).filter((number) => number !== "1" && !numbers(text).includes(number)), ...names.filter((name) => !text.includes(name))];
    assert.deepEqual(lost, [], `${english}\n${text}`);
    const own = names.reduce((rest, name) => rest.replaceAll(name, ""), text);
    assert.doesNotMatch(own, /\b(the|was|were|is|and|of|app|entry)\b/, text);
    assert.match(text, /。$/);
  }
});
