// What set it off: the claim, the matrix, the entries behind each number, the evidence, and the arcs of the timeline.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { open, pages, picture, verdicts, view } from "./browser.mjs";

const { entries, summary } = verdicts("dispute");
const LISTENER = "com.example.listener";
const SCANNER = "com.example.scanner";
const rows = (page) => page.locator("table.entries tbody tr");
const words = { metadata: "metadata", thumbnail: "thumbnail", data: "image data" };

/** Return the numbers of the entries in the table. */
const shown = (page) => rows(page).evaluateAll((all) => all.map((row) => Number(row.dataset.entry)).sort((a, b) => a - b));
const where = (holds) => entries.flatMap((entry, at) => (holds(entry) ? [at] : []));

test("the claim has the numbers of the JSON, in English", () =>
  open("dispute", async (page) => {
    const leads = await page.locator(".claim .lead").allInnerTexts();
    assert.deepEqual(leads, [
      `Of the 12 entries of ${LISTENER} in the background, 12 were set off by a change notification (9 linked, 3 likely), none by something else, and none is undecided. The furthest step seen in an entry that a change notification set off: thumbnails.`,
      `Of the 18 entries of ${SCANNER} in the background, 12 were set off by a change notification (9 linked, 3 likely), 5 by something else (1 touch or key, likely; 1 wake-up, linked; 3 nothing seen), and 1 is undecided. The furthest step seen in an entry that a change notification set off: thumbnails.`,
    ]);
    assert.deepEqual(await page.locator(".claim .answer").allInnerTexts(), [
      "The claim is likely for what was recorded: 3 of 12 entries in the background fit by time only.",
      "The claim does not hold: 1 of 18 entries in the background is linked to something else.",
    ]);
    // What may have been in the background, too, is next to the answer.
    assert.deepEqual(await page.locator(".claim .elsewhere").allInnerTexts(), ["Not counted in this answer, although they may have been in the background: 1 in an unknown state."]);
    const all = await page.locator(".claim .lead ~ p:not(.note):not(.elsewhere)").allInnerTexts();
    assert.match(all[1], /^Of all its 24 entries in any state, 12 were .* \(9 linked, 3 likely\), 9 by something else \(4 touch or key, linked; 1 touch or key, likely; 1 wake-up, linked; 3 nothing seen\), 2 are undecided, and 1 was written when the library was opened/);
    for (const app of [LISTENER, SCANNER]) {
      const [claim] = summary[app].claims;
      const buttons = page.locator(`.claim[data-app="${app}"] button`);
      const counts = Object.fromEntries(await buttons.evaluateAll((all) => all.map((one) => [one.dataset.part, Number(one.querySelector("strong").textContent)])));
      const expected = { link: claim.fits_by_link, time: claim.fits_by_time, else: claim.contradicts, undecided: claim.undecided, opens: claim.opens };
      assert.deepEqual(counts, Object.fromEntries(Object.entries(expected).filter(([, n]) => n)));
      assert.equal(Object.values(counts).reduce((a, b) => a + b, 0), claim.entries);
    }
  }));

for (const story of ["ordinary", "hostile", "long_gap", "crowd", "pair", "dispute", "grades"]) {
  test(`${story}: whether the claim holds is answered as in a terminal`, () =>
    open(story, async (page) => {
      const answers = JSON.parse(readFileSync(`${pages}/${story}.answers.json`, "utf8"));
      for (const claim of await page.locator(".claim").all()) {
        assert.equal(await claim.locator(".answer").innerText(), answers[await claim.getAttribute("data-app")]);
      }
    }));
}

test("each grade of the answer, and only becoming active is a return to the foreground", () =>
  open("grades", async (page) => {
    assert.deepEqual(await page.locator(".claim .answer").allInnerTexts(), [
      "The claim does not hold: 1 of 1 entry in the background is linked to something else.",
      "The claim does not explain 1 of 1 entry in the background: no change notification was seen to set it off, by link or shortly before.",
      "The claim does not explain 3 of 3 entries in the background: no change notification was seen to set them off, by link or shortly before.",
      "The claim is in doubt: 1 of 1 entry in the background was likely set off by something else.",
    ]);
    const texts = await page.locator("table.entries tbody tr", { hasText: "com.example.leaving" }).allInnerTexts();
    assert.match(texts.join(), /change of app state \(linked\)[\s\S]*to background[\s\S]*set off by a change of the app's state \(linked\)/);
    assert.doesNotMatch(await page.locator("body").innerText(), /return to the foreground/);
  }));

test("the cost to the owner has what the system told, and says what it did not tell", () =>
  open("dispute", async (page) => {
    const texts = await page.locator("#usage tbody tr").allInnerTexts();
    const rows = texts.map((text) => text.split("\t").map((cell) => cell.trim()));
    assert.deepEqual(rows.map((row) => row[3]), ["not reported", "98 MB"]);
    assert.match(rows[0][7], /^4 s a minute, in 12 intervals$/);
    assert.match(rows[1][7], /^4 s a minute, in 12 intervals; memory \+360 kB$/);
    assert.match(rows[1][8], /^40 ms a minute, in 11 intervals; memory \+\d/);
    assert.equal(rows[1][6], "not reported");
  }));

test("what was not watched is named, and is no zero", () =>
  open("dispute", async (page) => {
    assert.match(await page.locator(`.claim[data-app="${LISTENER}"]`).innerText(), /Not watched: touches, handed-on work\. Not fully watched: wake-ups and launches\. So “nothing seen” and “likely” say less\./);
    assert.doesNotMatch(await page.locator(`.claim[data-app="${SCANNER}"]`).innerText(), /not watched/);
    const touches = await page.locator(".label.origin", { hasText: "Touches" }).allInnerTexts();
    assert.match(touches[0], /not watched/);
    assert.match(touches[1], /\b5$/);
    const usage = await page.locator(".label.usage").allInnerTexts();
    assert.deepEqual(usage.map((text) => text.replace(/\s+/g, " ")).map((text) => text.split(" ")[0]), ["CPU", "CPU", "Memory"]);
  }));

test("where triggers by time are no better than chance, the claim, the matrix and the rows say so", async () => {
  const source = readFileSync(`${pages}/dispute.html`, "utf8");
  assert.match(source, /"trigger_chance":null/);
  writeFileSync(`${pages}/chance.html`, source.replaceAll('"trigger_chance":null', '"trigger_chance":0.41'));
  await open("chance", async (page) => {
    assert.equal(await page.locator(".claim .answer").first().innerText(), "The claim is not proven: for 3 of 12 entries in the background what came shortly before may be chance.");
    const claim = await page.locator(".claim").first().innerText();
    assert.match(claim, /\(9 linked, 3 may be chance\)[\s\S]*no better than chance here \(p = 0\.41\): they prove nothing/);
    assert.match(await page.locator("#matrix").innerText(), /change notification, may be chance/);
    assert.doesNotMatch(await page.locator("#matrix tbody").first().innerText(), /likely/);
    assert.match(await page.locator("table.entries tbody").innerText(), /change notification \(may be chance\)/);
  });
});

test("the matrix of the background is the JSON's, and every entry is in one cell", () =>
  open("dispute", async (page) => {
    const table = page.locator(`.matrices[data-app="${SCANNER}"] table[data-state="background"]`);
    const heads = await table.locator("thead th").allInnerTexts();
    const found = {};
    for (const row of await table.locator("tbody tr").all()) {
      const [name, ...counts] = [await row.locator("th").innerText(), ...(await row.locator("td").allInnerTexts()).map(Number)];
      counts.forEach((n, at) => n && ((found[name.split(",")[0].trim()] ??= {})[heads[at + 1]] = (found[name.split(",")[0].trim()]?.[heads[at + 1]] ?? 0) + n));
    }
    const kinds = { change: "change notification", touch: "touch or key", wake: "wake-up", none: "nothing seen" };
    for (const [kind, depths] of Object.entries(summary[SCANNER].background_by_trigger)) {
      assert.deepEqual(found[kinds[kind]], Object.fromEntries(Object.entries(depths).map(([depth, n]) => [words[depth], n])), kind);
    }
    const numbers = (await page.locator(".matrices td").allInnerTexts()).map(Number);
    assert.equal(numbers.reduce((a, b) => a + b, 0), entries.length);
  }));

test("the keyboard opens a cell of the matrix, and the table then has exactly its entries", () =>
  open("dispute", async (page) => {
    for (let step = 0; step < 120; step++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => /3 entries: nothing seen; image data; In the background/.test(document.activeElement.getAttribute("aria-label") ?? ""))) break;
    }
    await page.keyboard.press("Enter");
    const wanted = where((one) => one.app === SCANNER && one.trigger?.kind === "none" && one.depth === "data" && one.state === "background");
    assert.equal(wanted.length, 3);
    assert.deepEqual(await shown(page), wanted);
    assert.match(await page.evaluate(() => document.activeElement.textContent), /1 to 3 of 3/);
    assert.equal(await page.locator("#choose-state").inputValue(), "background");
    await page.getByRole("button", { name: "Clear" }).click();
    assert.equal(await rows(page).count(), entries.length);
  }));

test("each number of the matrix and of the claim opens as many entries as it says", () =>
  open("dispute", async (page) => {
    const buttons = await page.locator("#matrix td button, .claim button").all();
    assert.ok(buttons.length > 15);
    for (const button of buttons) {
      const [n] = (await button.innerText()).match(/\d+$/);
      await button.click();
      assert.equal(await rows(page).count(), Number(n), await button.getAttribute("aria-label"));
    }
  }));

test("entries are chosen by trigger, with or without its certainty, and the search finds what a row shows", () =>
  open("dispute", async (page) => {
    await page.selectOption("#choose-trigger", "change");
    assert.deepEqual(await shown(page), where((one) => one.trigger?.kind === "change"));
    await page.selectOption("#choose-trigger", "change:time");
    assert.deepEqual(await shown(page), where((one) => one.trigger?.kind === "change" && one.trigger.by === "time"));
    await page.getByRole("button", { name: "Clear" }).click();
    await page.fill("#search", "wake-up image data");
    assert.deepEqual(await shown(page), where((one) => one.trigger?.kind === "wake" && one.depth === "data"));
    await page.fill("#search", "background task");
    assert.deepEqual(await shown(page), where((one) => one.trigger?.what === "background-task"));
    await page.selectOption("#language", "zh-Hans");
    await page.fill("#search", "后台 图像数据");
    assert.deepEqual(await shown(page), where((one) => one.state === "background" && one.depth === "data"));
  }));

test("an entry names its trigger, and the button leads to the event in the evidence; a hostile name is text", () =>
  open("dispute", async (page, noticed) => {
    const at = entries.findIndex((one) => one.app === SCANNER && one.trigger?.kind === "change" && one.trigger.by === "link");
    const row = page.locator(`tr[data-entry="${at}"]`);
    assert.match(await row.innerText(), /change notification \(linked\)\s*12 ms before, <\/script><script>document\.title="owned"/);
    await row.locator("button.open").click();
    const cell = page.locator("#entry dd .trigger");
    assert.match(await cell.innerText(), /^change notification \(linked\): <\/script>[\s\S]*, 12 ms before the act/);
    await cell.locator("button.reference").focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.dataset.event), entries[at].trigger.event);
    assert.match(await page.evaluate(() => document.activeElement.innerText), /set it off/);
    assert.equal(await page.locator("#entry .event.act").count(), 1);
    assert.doesNotMatch(await page.title(), /owned/);
    assert.equal(await page.locator("img").count(), 0);
    assert.deepEqual(noticed.errors, []);
    const likely = entries.findIndex((one) => one.trigger?.kind === "change" && one.trigger.by === "time");
    await page.locator(`tr[data-entry="${likely}"] button.open`).click();
    assert.match(await cell.innerText(), /change notification \(likely\)[\s\S]*Likely: it is the last event that could set the act off, at most 3 s before it/);
    const unknown = entries.findIndex((one) => one.trigger?.kind === "unknown");
    await page.locator(`tr[data-entry="${unknown}"] button.open`).click();
    assert.match(await cell.innerText(), /^not known/);
  }));

/** Count the pixels of change notifications' colour between their row and that of metadata, left of the chosen entry's begin. */
const inkOfArc = (page, app, ms) =>
  page.evaluate(
    ({ app, ms }) => {
      const canvas = document.querySelector(".tracks canvas");
      const scale = canvas.width / canvas.clientWidth;
      const top = (text) => [...document.querySelectorAll(".label")].filter((one) => one.textContent.includes(text))[app].offsetTop - document.querySelector(".tracks").scrollTop;
      const { from, to } = document.querySelector(".timeline").dataset;
      const x = ((ms - from) / (to - from)) * canvas.clientWidth;
      const [y0, y1] = [top("Change notifications") + 22, top("Metadata") - 2];
      const { data } = canvas.getContext("2d").getImageData((x - 40) * scale, y0 * scale, 36 * scale, (y1 - y0) * scale);
      let ink = 0;
      for (let at = 0; at < data.length; at += 4) ink += Math.abs(data[at] - 107) + Math.abs(data[at + 1] - 75) + Math.abs(data[at + 2] - 171) < 40;
      return ink;
    },
    { app, ms },
  );

test("an entry that is selected or under the pointer has an arc from its origin to its act, dashed where it is likely", () =>
  open("dispute", async (page) => {
    const t0 = await page.evaluate(() => JSON.parse(document.getElementById("facts").textContent).t0_ms);
    const begin = (at) => Date.parse(entries[at].begin) - t0;
    const linked = entries.findIndex((one) => one.app === LISTENER && one.trigger?.by === "link" && one.trigger.kind === "change");
    await page.locator(`tr[data-entry="${linked}"] button.open`).click();
    await view(page);
    const solid = await inkOfArc(page, 0, begin(linked));
    assert.ok(solid > 100, String(solid));
    const likely = entries.findIndex((one) => one.app === LISTENER && one.trigger?.by === "time" && one.trigger.kind === "change");
    await page.locator(`tr[data-entry="${likely}"] button.open`).click();
    await view(page);
    const box = await page.locator(".tracks canvas").boundingBox();
    const dashed = await inkOfArc(page, 0, begin(likely));
    assert.ok(dashed > 20 && dashed < solid, `${dashed} of ${solid}`);
    // Without a selection, the pointer shows it.
    await page.locator(`tr[data-entry="${linked}"] button.open`).click();
    await page.locator(".tracks").focus();
    await page.keyboard.press("n");
    const { from, to } = await view(page);
    const label = await page.locator(".label.cause", { hasText: "query" }).first().boundingBox();
    await page.mouse.move(box.x + ((begin(linked) + 20_000 - from) / (to - from)) * box.width, label.y + 12);
    assert.match(await page.locator(".tip").innerText(), /Set off by: change notification \(linked\)/);
    await picture(page, "dispute-arc");
  }));

test("claim, matrix and triggers are Chinese on a Chinese page, with the same numbers", () =>
  open(
    "dispute",
    async (page) => {
      const leads = await page.locator(".claim .lead").allInnerTexts();
      assert.equal(leads[1], `${SCANNER} 的 18 条后台记录中，12 条由变更通知触发（9 条有关联、3 条可能），5 条由其他原因触发（1 条触摸或按键，可能；1 条后台唤醒，有关联；3 条未见触发），1 条无法判定。由变更通知触发的记录中，所见最深一步：缩略图。`);
      for (const part of [".claims", "#matrix", ".controls", ".filters"]) {
        const text = (await page.locator(part).first().innerText()).replaceAll(/com\.example\.\w+/g, "");
        assert.doesNotMatch(text, /\b(the|of|linked|likely|touch|seen|launch|undecided|notification)\b/i, part);
      }
      await picture(page, "dispute-chinese");
    },
    { locale: "zh-CN" },
  ));

test("on a phone the matrix fits the screen", () =>
  open(
    "dispute",
    async (page) => {
      for (const table of await page.locator("table.matrix").all()) {
        const { x, width } = await table.boundingBox();
        assert.ok(x >= 0 && x + width <= 390, `${x} + ${width}`);
      }
      await picture(page, "dispute-phone");
    },
    { viewport: { width: 390, height: 844 } },
  ));

test("of a hundred apps the finding has eight, and the matrix one at a time", () =>
  open("crowd", async (page) => {
    assert.equal(await page.locator(".claim").count(), 8);
    await page.selectOption("#matrix-app", { label: "com.example.app007" });
    const numbers = (await page.locator(".matrices td").allInnerTexts()).map(Number);
    assert.equal(numbers.reduce((a, b) => a + b, 0), verdicts("crowd").entries.filter((one) => one.app === "com.example.app007").length);
  }));
