// Every sentence that the comparator says has its translation: this test fails when why.py says something new.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../../host/page/package.json", import.meta.url));
const { buildSync } = require("esbuild");
const source = fileURLToPath(new URL("../../host/page/src/text/why_zh.ts", import.meta.url));
const built = buildSync({ entryPoints: [source], bundle: true, format: "esm", write: false }).outputFiles[0].text;
const { whyInChinese } = await import(`data:text/javascript,${encodeURIComponent(built)}`);
const pages = process.env.LIGHTLEAK_PAGES ?? fileURLToPath(new URL("../../build/pages", import.meta.url));

test("all that is said of simulated weeks is translated, and no number is lost", () => {
  const sentences = JSON.parse(readFileSync(`${pages}/why.json`, "utf8"));
  assert.ok(sentences.length > 200, String(sentences.length));
  const numbers = (text) => [...text.replaceAll(/\b(One|once)\b/g, "1").matchAll(/\d+(?:\.\d+)?/g)].map(String).sort();
  for (const why of sentences) {
    const { text, left } = whyInChinese(why);
    assert.deepEqual(left, [], why);
    assert.doesNotMatch(text, /\b(the|was|and|near|seen)\b/, text);
    const lost = numbers(why).filter((number) => !numbers(text).includes(number));
    assert.deepEqual(lost, [], `${why}\n${text}`);
  }
});

test("what is said rarely is translated too", () => {
  for (const why of [
    "The system's photo picker wrote this entry, which it was found to do without a choice too.",
    "3 queries and reads (+[PHAsset fetch], 12 ms before it) near the begin, matched by time because the app's own accounting could not be seen.",
    "One query or read (12 ms before it) near the begin, matched by time because the app's own accounting could not be seen.",
    "No process of com.example.app was watched.",
    "The app was not watched just before the begin: watching began 2.1 h after it; no opening, query, read or notification of the app was seen from 3 s before its begin to its begin, before which its end is told.",
    "The app was not watched just before the begin, where events are missing: watching ended 100 ms before it and began again 40 ms before it.",
    "The accounting in Other (pid 7) carries this identifier, 3 ms before the report's time: that process queried the library, but is not known to be of com.x, to which the report gives it; the app was not watched from 3 s before its begin to its end.",
    "The accounting in Share (pid 7) carries this identifier: the app's extension com.x.share queried the library; the extension com.x.share was seen to go as far as data in that time, 2 times.",
    "The app was watched and its accounting could not be seen; what it was seen to do within 3 s before the begin (2 things, at the furthest a thumbnail) does not explain the entry; of the 3.0 s before the begin 1.5 s were not watched, so what made the entry may have been missed; not confirmed on a phone: facts 1, 2 and 13.",
    "The app was watched, its accounting did not carry this identifier, and no opening, query, read or notification of it was seen within 0.5 s before the begin; the furthest seen from the report's first line to the entry's end was data, once, first at 2025-10-09 16:53:28.000, app state unknown; refuted on a phone, and judged accordingly: fact 7; the report was found to stamp before the call too, so what is near says less.",
    "The first contact with the library that was seen since the app was attached to (A, 0 ms before it) is near the begin, matched by time; no opening, query, read or notification of the app was seen from 3 s, sleep not counted, before its begin to 75.6 s after it; less than 1 % of that time was watched.",
    "Only assetsd's accounting carries this identifier, at the report's time, and prolonged it 4 times: the library was opened for the app; could not be hooked, so not excluded: a, b, c and 4 more; not watched: the extension com.x.share and assetsd.",
  ]) {
    const { text, left } = whyInChinese(why);
    assert.deepEqual(left, [], text);
  }
});

test("a sentence that nobody knows stays as it is, and a name that looks like the end of a clause does not matter", () => {
  assert.equal(whyInChinese("Something new; only 5 % of that time was watched.").text, "Something new；这段时间只有 5 % 受到监测。");
  const odd = "the furthest seen from 3 s before its begin to the report's last line was data, once, first at 10:00:00.000 (a; b; c), app state active.";
  assert.deepEqual(whyInChinese(odd).left, []);
});
