// Choices, entries and events have addresses: they can be sent, opened and gone back from. What is printed says what is left out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { open, pages, picture, verdicts, violations } from "./browser.mjs";

const { entries } = verdicts("dispute");
const rows = (page) => page.locator("table.entries tbody tr");
const shown = (page) => rows(page).evaluateAll((all) => all.map((row) => Number(row.dataset.entry)).sort((a, b) => a - b));
const where = (holds) => entries.flatMap((entry, at) => (holds(entry) ? [at] : []));
const isAtNight = ({ begin, end }) => [begin, end].some((at) => at && Number(at.slice(11, 13)) < 6);

/** Follow an address on the open page, as a click on a link would. */
const follow = async (page, hash) => {
  await page.evaluate((to) => (location.hash = to), hash);
  await page.waitForFunction((to) => decodeURIComponent(location.hash) === to, hash);
  await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
};

test("an address chooses entries by every filter, and the filters show it", () =>
  open("dispute", async (page) => {
    const cases = [
      ["#depth=data&state=background", (one) => one.depth === "data" && one.state === "background"],
      ["#state=background%2B", (one) => ["background", "mixed"].includes(one.state)],
      ["#trigger=change:time", (one) => one.trigger?.kind === "change" && one.trigger.by === "time"],
      ["#match=none", (one) => one.match === "none"],
      ["#night=yes", isAtNight],
      ["#night=no", (one) => !isAtNight(one)],
      ["#cause=open&app=com.example.scanner", (one) => one.cause === "open" && one.app === "com.example.scanner"],
      ["#from=2025-10-09&to=2025-10-09", (one) => one.begin.slice(0, 10) === "2025-10-09"],
      ["#from=2025-10-10", (one) => one.begin.slice(0, 10) >= "2025-10-10"],
      ["#depth=no-such-depth", () => false],
    ];
    for (const [hash, holds] of cases) {
      await page.evaluate((to) => (location.hash = to), hash);
      await page.waitForTimeout(60);
      assert.deepEqual(await shown(page), where(holds), hash);
    }
    assert.match(await page.locator(".shown").innerText(), /No entry matches\. Searched were the words of a row/);
    await follow(page, "#depth=data&state=background");
    assert.equal(await page.locator("#choose-depth").inputValue(), "data");
    assert.deepEqual(await page.locator(".chip").allInnerTexts(), ["Depth: image data ✕", "App state: background ✕"]);
    assert.match(await page.locator(".filtered").innerText(), /^Filtered: \d+ of \d+ entries \(Depth: image data; App state: background\)/);
    await page.locator(".chip").first().click();
    assert.deepEqual(await shown(page), where((one) => one.state === "background"));
    assert.match(page.url(), /#state=background$/);
  }));

test("the back button takes back each choice, and forward makes it again", () =>
  open("dispute", async (page) => {
    const count = () => rows(page).count();
    const all = await count();
    await page.selectOption("#choose-depth", "data");
    const deep = await count();
    await page.selectOption("#choose-state", "background");
    const both = await count();
    assert.ok(both < deep && deep < all);
    await rows(page).first().locator("button.open").click();
    const heading = await page.locator("#entry-heading").innerText();
    await page.goBack();
    assert.equal(await count(), both);
    assert.equal(await page.locator("#entry-heading").count(), 0);
    await page.goBack();
    assert.equal(await count(), deep);
    await page.goBack();
    assert.equal(await count(), all);
    for (let step = 0; step < 3; step++) await page.goForward();
    assert.equal(await page.locator("#entry-heading").innerText(), heading);
    assert.equal(await count(), both);
  }));

test("what is typed into the search makes no step for each letter", () =>
  open("dispute", async (page) => {
    const before = await page.evaluate(() => history.length);
    await page.locator("#search").pressSequentially("wake-up");
    assert.equal(await page.evaluate(() => history.length), before);
    assert.match(page.url(), /#q=wake-up$/);
  }));

test("an address opens its entry and its event, also when the page opens with it", async () => {
  const entry = entries.find((one) => one.trigger?.kind === "wake");
  const opened = async (page, hash) => {
    await page.goto("about:blank");
    await page.goto(`file://${pages}/dispute.html${hash}`);
    await page.waitForSelector("html[data-ready]");
  };
  await open("dispute", async (page, noticed) => {
    await opened(page, `#entry=${entry.identifier}`);
    assert.equal(await page.locator("#entry p.brief").innerText(), entry.brief);
    const link = page.locator(`#entry a[href="#event=${entry.trigger.event}"]`);
    await link.click();
    assert.equal(await page.evaluate(() => document.activeElement.dataset.event), entry.trigger.event);
    await opened(page, `#event=${entry.trigger.event}`);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.event), entry.trigger.event);
    assert.ok(verdicts("dispute").entries.some((one) => one.evidence.includes(entry.trigger.event) || one.trigger?.event === entry.trigger.event));
    await opened(page, "#event=1:1:999999");
    assert.match(await page.locator(".filtered").innerText(), /names the event 1:1:999999/);
    assert.deepEqual(noticed.errors, []);
  });
});

test("an event's name in the search finds the entries that name it, and no longer number", () =>
  open("dispute", async (page) => {
    const [reference] = entries.find((one) => one.evidence.length).evidence;
    await page.fill("#search", reference);
    const found = await shown(page);
    const naming = where((one) => one.evidence.includes(reference));
    assert.ok(naming.every((at) => found.includes(at)));
    assert.ok(found.every((at) => entries[at].evidence.includes(reference) || entries[at].trigger?.event === reference));
    await page.fill("#search", reference.slice(0, -1));
    assert.ok((await shown(page)).every((at) => !found.includes(at) || entries[at].evidence.includes(reference.slice(0, -1))));
  }));

test("the search finds what a row shows, in the language shown and in the other, and every word is to be found", () =>
  open("dispute", async (page) => {
    const both = where((one) => one.state === "background" && one.depth === "data");
    for (const text of ["background image data", "后台 图像数据", "后台 image data", "likely to be found"]) {
      await page.fill("#search", text);
      assert.deepEqual(await shown(page), text.includes("found") ? [] : both, text);
    }
    await page.selectOption("#language", "zh-Hans");
    await page.fill("#search", "background 图像数据");
    assert.deepEqual(await shown(page), both);
  }));

test("the evidence of a run that no entry covers opens, and its event has an address", () =>
  open("season", async (page) => {
    const { unreported } = verdicts("season");
    assert.equal(unreported.length, 119);
    assert.match(await page.locator("#unreported .explained").innerText(), /^119 runs were seen that no entry covers, as is expected where they read pixels: .*assumption 5, not confirmed on a phone\)\. It is no sign of evasion\.$/);
    // The same sentence has both, and the list is folded.
    assert.equal(await page.locator("#unreported details.fold-list tbody tr").count(), 0);
    await page.locator("#unreported .fold-list > summary").click();
    await page.locator("#unreported details.fold-list > .scroller").waitFor();
    assert.equal(await page.locator("#unreported details.fold-list > .scroller > table > tbody > tr").count(), 119);
    const [reference] = unreported[7].evidence;
    await follow(page, `#event=${reference}`);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.event), reference);
  }));

test("the filters are of the runs under no entry too, as far as a run has what they ask for", () =>
  open("season", async (page) => {
    const note = () => page.locator("#unreported .note").first().innerText();
    await follow(page, "#depth=thumbnail&from=2025-10-10&to=2025-10-11");
    const { unreported } = verdicts("season");
    const wanted = unreported.filter((run) => run.depth === "thumbnail" && ["2025-10-10", "2025-10-11"].includes(run.begin.slice(0, 10)));
    assert.ok(wanted.length > 0 && wanted.length < unreported.length);
    assert.equal(await note(), `Listed, as far as the filters are about runs: ${wanted.length} of ${unreported.length}.`);
    assert.equal(await page.locator("#unreported details.run-evidence").count(), wanted.length);
    await follow(page, "#state=background");
    assert.match(await note(), /119 of 119\. A run has no state/);
  }));

test("sixty observers of one class are one row with their sums, and each is one click away", () =>
  open("season", async (page) => {
    const row = page.locator("#observers tbody tr");
    assert.equal(await row.count(), 1);
    const { notifications } = verdicts("season").summary["org.example.app"];
    assert.match(await row.innerText(), new RegExp(`SeasonWatcher[\\s\\S]*\\s${notifications.toLocaleString("en")}\\s[\\s\\S]*\\d+ objects`));
    await page.locator("#observers details.objects > summary").click();
    // The rows are written when the browser reports that the list was opened.
    await page.locator("#observers details.objects tbody tr").nth(59).waitFor();
  }));

test("paper has the deepest in the background first, only what the filter shows, and says what is left out", () =>
  open("season", async (page) => {
    const paper = async () => {
      await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
      await page.emulateMedia({ media: "print" });
    };
    const screen = async () => {
      await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
      await page.emulateMedia({ media: "screen" });
    };
    await paper();
    const states = await page.locator("table.entries tr[data-entry] td.of-state").allInnerTexts();
    const depths = await page.locator("table.entries tr[data-entry] td.of-depth").allInnerTexts();
    assert.equal(states.length, 400);
    assert.deepEqual(depths.slice(0, 28), Array(28).fill("image data"));
    assert.ok(states.every((state) => state === "background"));
    assert.match(await page.locator("#entries .print-note").innerText(), /^Printed: 400 of 1,500 entries, those in the background and of the furthest step first/);
    assert.match(await page.locator("#unreported").innerText(), /The 119 rows of this list are not printed/);
    await screen();
    await follow(page, "#depth=data&state=background");
    await paper();
    assert.equal(await page.locator("table.entries tr[data-entry]").count(), 28);
    assert.match(await page.locator("#entries .print-note").innerText(), /^Printed: only the 28 of 1,500 entries that match the filter/);
    await screen();
  }));

test("all times of the page are in one zone, and to the nearest millisecond as in the JSON", () =>
  open("dispute", async (page) => {
    const entry = entries.find((one) => one.evidence.length > 1);
    await follow(page, `#entry=${entry.identifier}`);
    const panel = await page.locator("#entry dl").innerText();
    assert.ok(panel.includes(entry.begin.slice(11, 23)), entry.begin);
    assert.ok(panel.includes(entry.end.slice(11, 23)), entry.end);
    const times = await page.locator("#entry tbody tr td:nth-child(2)").allInnerTexts();
    assert.ok(times.length && times.every((time) => /^\d\d:\d\d:\d\d\.\d{3}$/.test(time)));
    const first = entry.clauses.find((clause) => clause.code === "furthest-seen")?.at;
    if (first) assert.ok(times.includes(first.slice(11, 23)), `${first}: ${times}`);
    const text = await page.locator("#files").innerText();
    assert.doesNotMatch(text, /\d\d:\d\d:\d\d[+-]\d\d:\d\d/);
  }));

test("what may be written and what not are two boxes for each app, ready to be copied", () =>
  open("dispute", async (page) => {
    const facts = JSON.parse(readFileSync(`${pages}/dispute.html`, "utf8").match(/id="facts">(.*?)<\/script>/s)[1]);
    assert.equal(await page.locator(".quotes").count(), 2);
    for (const app of facts.apps) {
      const boxes = page.locator(`.quotes[data-app="${app.id}"] .box`);
      assert.equal(await boxes.nth(0).locator("li").count(), app.quotes.may.length);
      assert.equal(await boxes.nth(1).locator("li").count(), app.quotes.may_not.length);
    }
    const box = page.locator(".quotes .box").first();
    await page.evaluate(() => {
      globalThis.copied = "";
      navigator.clipboard.writeText = async (text) => void (globalThis.copied = text);
    });
    await box.getByRole("button").click();
    const copied = await page.evaluate(() => globalThis.copied);
    for (const text of await box.locator("li").allInnerTexts()) assert.ok(copied.includes(text), text);
    assert.match(copied, /Source: Apple’s App Privacy Report and a recording, compared with lightleak/);
    assert.equal(await box.getByRole("button").innerText(), "Copied");
  }));

test("without scripts the page shows its headline and what may be written", () =>
  open(
    "hostile",
    async (page) => {
      assert.match(await page.locator("h1").innerText(), /^Apple’s report lists 2 photos entries for/);
      assert.ok((await page.locator(".box.may li").count()) > 0);
      assert.ok((await page.locator(".box.may_not li").count()) > 3);
      assert.equal(await page.locator("img, [onerror]").count(), 0);
      assert.match(await page.locator("noscript").innerText(), /Scripts do not run here/);
      await picture(page, "hostile-no-script");
    },
    { javaScriptEnabled: false },
  ));

test("the demo's page says what to look at, with the words of the terminal", () =>
  open("grades", async (page) => {
    const { demo } = JSON.parse(readFileSync(`${pages}/statements.json`, "utf8"));
    const texts = await page.locator(".demo dl > div").evaluateAll((all) => all.map((one) => [one.querySelector("dt").textContent, one.querySelector("dd").textContent]));
    assert.deepEqual(texts, Object.entries(demo));
    await page.selectOption("#language", "zh-Hans");
    assert.doesNotMatch((await page.locator(".demo dd").allInnerTexts()).join(), /[a-z]{4}/);
  }));

test("a season is accessible, and has its definitions in one list", () =>
  open("season", async (page) => {
    assert.ok((await page.locator("#glossary dt").count()) > 40);
    assert.deepEqual(await violations(page), []);
    await picture(page, "season-light");
  }));
