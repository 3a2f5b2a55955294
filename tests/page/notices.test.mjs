// What limits a whole comparison is said in the page's language, too.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../../host/page/package.json", import.meta.url));
const { buildSync } = require("esbuild");
const source = fileURLToPath(new URL("../../host/page/src/text/notice_zh.ts", import.meta.url));
const built = buildSync({ entryPoints: [source], bundle: true, format: "esm", write: false }).outputFiles[0].text;
const { noticeInChinese } = await import(`data:text/javascript,${encodeURIComponent(built)}`);

test("notices of the comparator and of damaged files have their translation, with their numbers and names", () => {
  for (const notice of [
    "The sessions and the report do not overlap in time (report: 2025-10-09 to 2025-10-10): export the report after the recording, within seven days.",
    "The report has no photos entry of com.example.app: check that recording of app activity was on, that it is this device's report, and the name of the app.",
    "No process of com.example.app was watched in these sessions, so its entries are unobserved: record it, or name the session that has it.",
    "The report is written in the zone +02:00, the device was in +08:00: it was exported elsewhere, or is of another device; verdicts do not depend on the zone, hours of the night do.",
    "2 of the runs under no entry lie where the report has no record of any app at all, the first between 2025-10-09T16:53:30.000+08:00 and 2025-10-09T20:00:00.000+08:00: recording of app activity may have been off, and then their absence says nothing; check that it was on.",
    "The process 101 of com.example.app was recorded twice at the same time, in segments 1:11 and 2:12 (5 min): what both saw is counted twice; compare one of the two alone for figures.",
    "291 bytes at the end of cut.lightleak are not a whole frame and are lost",
    "12 bytes of cut.lightleak from byte 4096 on are damaged: 7 events lost, what comes before and after is kept",
    "cut.lightleak has no closing seal: the recorder was killed or still runs, or the file was cut; every whole frame is kept, the last event is segment 3, seq 193",
  ]) {
    const told = noticeInChinese(notice);
    assert.doesNotMatch(told, /\b(the|is|was|are|lost)\b/, told);
    const told_of = notice.match(/com\.example\.app|cut\.lightleak|\+0\d:00|\b\d{2,}\b/g) ?? [];
    for (const part of told_of) assert.ok(told.includes(part), `${part} is missing: ${told}`);
  }
});
