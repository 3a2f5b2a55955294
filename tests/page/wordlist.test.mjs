// The Chinese of the page has one word for one thing, its reasons are Chinese, and no blank is between a unit and a word.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { open, pages } from "./browser.mjs";

const require = createRequire(new URL("../../host/page/package.json", import.meta.url));
const { buildSync } = require("esbuild");
const texts = fileURLToPath(new URL("../../host/page/src/text/", import.meta.url));
const names = ["en/index", "zh/index", "zh/wordlist", "zh/clauses", "zh/quotes", "clauses", "quotes", "briefs", "words"];
// The catalogues are of a page, and ask for its language.
globalThis.document = { documentElement: {} };
globalThis.navigator ??= { language: "en" };
const built = buildSync({ stdin: { contents: names.map((name) => `export * from "./${name}";`).join("\n") + '\nexport { reason } from "./reasons"; export { setLanguage, t } from "./index";', resolveDir: texts, loader: "ts" }, bundle: true, format: "esm", write: false }).outputFiles[0].text;
const { en, zh, TERMS, clausesZh, quotesZh, statementText, quoteText, briefZh, plain, reason, setLanguage, t } = await import(`data:text/javascript,${encodeURIComponent(built)}`);
const { statements, quotes, briefs } = JSON.parse(readFileSync(`${pages}/statements.json`, "utf8"));

const all = [...Object.values(zh), ...statements.map(({ statement }) => plain(statementText(clausesZh, statement))), ...quotes.map(({ quote }) => plain(quoteText(quotesZh, quote))), ...briefs.map(({ brief }) => briefZh(brief))];

test("no near-synonym is used for a word of the list", () => {
  assert.ok(TERMS.length > 30);
  for (const [english, chinese, not] of TERMS) for (const word of not) assert.deepEqual(all.filter((text) => text.includes(word)), [], `${english}: ${chinese}, not ${word}`);
});

test("each word of the list is used where the English has the word", () => {
  const certain = ["observer", "probe", "identifier", "thumbnail", "metadata", "evidence", "change notification", "photo picker"];
  for (const [english, chinese] of TERMS.filter(([one]) => certain.includes(one))) {
    const keys = Object.keys(en).filter((key) => new RegExp(`\\b${english}s?\\b`, "i").test(en[key]));
    assert.ok(keys.length, english);
    assert.deepEqual(keys.filter((key) => !zh[key].includes(chinese)), [], `${english}: ${chinese}`);
  }
});

test("no blank is between two Chinese characters, units in sentences included", () => {
  const blank = /[\p{Script=Han}，。：；（）] [\p{Script=Han}，。：；（）]/u;
  // N and P are keys, and ← → are signs.
  assert.deepEqual(all.filter((text) => blank.test(text)), []);
  setLanguage("zh-Hans");
  assert.equal(t("limit.covered", { share: "40%", span: "60 天", covered: "24 天" }), "报告时段中，该应用受监测的时间占 40%（60 天中的 24 天）。其余时间本页不作任何判断。");
  assert.doesNotMatch(t("clock.lag_value", { median: "1 毫秒", p95: "3 毫秒", n: 4 }), blank);
  setLanguage("en");
});

test("the reasons that agent and host write are Chinese", () => {
  setLanguage("zh-Hans");
  const written = {
    "this process has no class PHPicker": "此进程没有类 PHPicker",
    "PHImageManager has no method requestURLForVideo:options:": "PHImageManager 没有方法 requestURLForVideo:options:",
    "PHCachingImageManager does not override requestImage: here": "PHCachingImageManager 在此没有重写 requestImage:",
    "no such class": "没有这样的类",
    "detached: connection-lost": "已脱离（连接中断）",
    exited: "进程结束",
    "lost: agent buffer full": "丢失事件（代理的缓冲区已满）",
    "hole in seq": "事件序号不连续",
    "something else": "something else",
  };
  for (const [english, chinese] of Object.entries(written)) assert.equal(reason(english), chinese);
  setLanguage("en");
  assert.equal(reason("no such class"), "no such class");
});

test("a Chinese page has no English but names, in its tables of probes, gaps and evidence too", () =>
  open(
    "ordinary",
    async (page) => {
      await page.locator("table.entries tbody tr", { hasText: "查询" }).first().locator("button.open").click();
      const cells = await page.locator("#hooks td, #coverage td, #entry td, #entry dd, #unreported td").evaluateAll((found) =>
        found.map((cell) => {
          const own = cell.cloneNode(true);
          own.querySelectorAll(".code, .name, .selector, details").forEach((one) => one.remove());
          return own.textContent.trim().replaceAll(/Apple|iOS|PhotoKit|lightleak/g, "");
        }),
      );
      assert.ok(cells.length > 10);
      assert.deepEqual(cells.filter((text) => /[a-z]{3,}/.test(text)), []);
      const seen = await page.locator("main").innerText();
      assert.doesNotMatch(seen, /(毫秒|秒|分钟|小时|天) [\p{Script=Han}]/u);
    },
    { locale: "zh-CN" },
  ));
