import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { open, pages, picture, screenshots, verdicts, view, violations } from "./browser.mjs";

test("the table filters and sorts, and a row opens its entry and the timeline", () =>
  open("ordinary", async (page) => {
    const { entries } = verdicts("ordinary");
    const rows = page.locator("table.entries tbody tr");
    await page.selectOption("#choose-cause", "notification");
    assert.equal(await rows.count(), entries.filter((one) => one.cause === "notification").length);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.fill("#search", entries[4].identifier.toLowerCase());
    assert.equal(await rows.count(), 1);
    await page.getByRole("button", { name: "Clear" }).click();
    await page.locator("table.entries").getByRole("button", { name: "Length" }).click();
    await page.locator("table.entries").getByRole("button", { name: "Length" }).click();
    assert.equal(await page.locator("th[aria-sort=descending]").innerText().then((text) => text.trim().slice(0, 6)), "Length");
    const length = (one) => Date.parse(one.end) - Date.parse(one.begin);
    const longest = entries.reduce((a, b) => (length(b) > length(a) ? b : a));
    await rows.first().locator("button.open").focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("#entry .brief").innerText(), longest.brief);
    assert.equal(await rows.first().locator(".brief").innerText(), longest.brief);
    // The explanation is closed, and opens from the keyboard.
    assert.equal(await page.locator(".why").isVisible(), false);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Why, with figures and limits");
    await page.keyboard.press("Enter");
    assert.equal(await page.locator(".why").innerText(), longest.why);
    const t0 = await page.evaluate(() => JSON.parse(document.getElementById("facts").textContent).t0_ms);
    const { from, to } = await view(page);
    assert.ok(from < Date.parse(longest.begin) - t0 && Date.parse(longest.end) - t0 < to && to - from < 600_000);
    assert.equal(await page.locator("tr.chosen").count(), 1);
  }));

test("both languages show everything, and an entry stays selected when the language changes", () =>
  open("ordinary", async (page) => {
    await page.locator("tbody button.open").nth(3).click();
    await page.locator(".whole > summary").click();
    const why = await page.locator(".why").innerText();
    await page.selectOption("#language", "zh-Hans");
    assert.equal(await page.getAttribute("html", "lang"), "zh-Hans");
    assert.doesNotMatch(await page.locator("#method").innerText(), /\b(the|an|of|and)\b/);
    const chinese = await page.locator(".why").first().innerText();
    assert.match(chinese, /^应用受到监测|的记账带有这个标识符|^开始/);
    assert.match(await page.locator("#entry .brief").innerText(), /^[^a-z]+。$/i);
    assert.doesNotMatch(chinese, /\b(the|was|near|carries)\b/);
    await page.locator("details.original summary").click();
    assert.equal(await page.locator(".original .why").innerText(), why);
    assert.match(await page.locator("h1").innerText(), /的 24 条照片访问记录/);
    const words = await page.locator("body").innerText();
    assert.doesNotMatch(words, /\b(finding|limit|cause|depth|row|state|match|entry|entries|timeline|files|hooks)\.[a-z_]+\b/);
    assert.doesNotMatch(words, /\{\w+\}/);
    const english = await page.locator("h2, h3, h4, th, dt, label, li, button").allInnerTexts();
    assert.deepEqual(english.filter((text) => /\b(the|and|was|entries|watched)\b/.test(text)), []);
    assert.deepEqual(await violations(page), []);
    await picture(page, "ordinary-chinese");
  }));

test("each language has its fonts, and the English original on a Chinese page has those of English", () =>
  open("ordinary", async (page) => {
    const font = (selector) => page.locator(selector).first().evaluate((element) => getComputedStyle(element).fontFamily);
    assert.doesNotMatch(await font("h1"), /CJK|Songti|SimSun/);
    await page.selectOption("#language", "zh-Hans");
    assert.match(await font("h1"), /^"?Noto Serif CJK SC/);
    await page.locator("tbody button.open").first().click();
    await page.locator(".whole > summary").click();
    await page.locator("details.original summary").click();
    assert.doesNotMatch(await font(".original .why"), /CJK|Songti|SimSun/);
  }));

test("every part of the bar of causes has its number", () =>
  open("ordinary", async (page) => {
    const numbers = (await page.locator(".bar .part").allInnerTexts()).map(Number);
    const counts = Object.values(verdicts("ordinary").summary["org.example.app"].by_cause);
    assert.deepEqual(numbers.sort((a, b) => a - b), counts.sort((a, b) => a - b));
    assert.match(await page.locator(".bar .part").first().getAttribute("title"), /^query: \d+$/);
  }));

test("on a Chinese system the page is Chinese", () =>
  open("nothing", async (page) => assert.equal(await page.getAttribute("html", "lang"), "zh-Hans"), { locale: "zh-CN" }));

test("dark follows the system or the reader's choice, and is readable", () =>
  open(
    "ordinary",
    async (page) => {
      const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      assert.equal(await background(), "rgb(22, 23, 26)");
      await page.locator("tbody button.open").nth(2).click();
      assert.deepEqual(await violations(page), []);
      await picture(page, "ordinary-dark");
      await page.selectOption("#theme", "light");
      assert.equal(await background(), "rgb(253, 252, 249)");
    },
    { colorScheme: "dark" },
  ));

test("print has light colours, no controls and every section", () =>
  open(
    "ordinary",
    async (page) => {
      await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), "rgb(253, 252, 249)");
      assert.equal(await page.locator(".controls button:visible, .filters:visible, #language:visible").count(), 0);
      assert.ok((await page.locator("main section:visible").count()) >= 10);
      await picture(page, "ordinary-print");
      await page.pdf({ path: `${screenshots}/ordinary-print.pdf`, format: "A4", margin: { top: "15mm", bottom: "15mm", left: "14mm", right: "14mm" } });
      await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
      await page.emulateMedia({ media: "screen" });
      assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor), "rgb(22, 23, 26)");
    },
    { colorScheme: "dark" },
  ));

test("on a phone nothing is cut off", () =>
  open(
    "ordinary",
    async (page) => {
      const { wide, screen } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, screen: innerWidth }));
      assert.ok(wide <= screen, `${wide} px wide on a screen of ${screen}`);
      assert.deepEqual(await violations(page), []);
      await picture(page, "ordinary-phone");
    },
    { viewport: { width: 390, height: 844 } },
  ));

test("observers, hooks, clock, hashes and accesses missing in the report are shown", () =>
  open("ordinary", async (page) => {
    const of = (id) => page.locator(`#${id}`).innerText();
    await page.locator("#observers details.objects > summary").click();
    assert.match(await of("observers"), /GLLibraryWatcher[\s\S]*Gallery \+ 0x4f10[\s\S]*3 frames/);
    assert.match(await of("hooks"), /-\[ALAssetsLibrary enumerateGroups:\][\s\S]*no such class/);
    assert.match(await of("clock"), /median 100 ms/);
    assert.match(await of("files"), /[0-9a-f]{64}[\s\S]*[0-9a-f]{64}/);
    assert.match(await of("unreported"), /thumbnail/);
    assert.match(await of("coverage"), /connection-lost/);
    const bars = await page.locator(".hours .hour").count();
    assert.equal(bars, 24);
  }));

test("each of several apps has its own sentence, so that one app's reads cannot be taken for another's", () =>
  open("pair", async (page) => {
    const texts = await page.locator(".found li").allInnerTexts();
    const of = (app) => texts.find((text) => text.includes(app));
    assert.match(of("com.example.quiet"), /1 entry \(1 in the background.*being notified\.$/);
    assert.match(of("com.example.reader"), /2 entries .*image data \(1 of them\)\. 2 MB of data/);
    assert.match(texts.join("\n"), /1 is near a change notification.* Matched by time only: likely, not certain\./);
  }));

test("where the picker was found to write entries without a choice, the finding claims no choice", async () => {
  const source = readFileSync(`${pages}/ordinary.html`, "utf8");
  writeFileSync(`${pages}/unsure.html`, source.replaceAll('"act":"picker"', '"act":"picker-unsure"'));
  await open("ordinary", async (page) => assert.match(await page.locator(".found").innerText(), /photo picker after the person chose something/));
  await open("unsure", async (page) => assert.match(await page.locator(".found").innerText(), /photo picker, perhaps without a choice/));
});

test("the limits name assumptions that no phone confirmed, and time that was not watched", () =>
  open("pair", async (page) => {
    const limits = await page.locator(".limits").innerText();
    assert.match(limits, /watched during 99\.\d% of the report/);
    assert.match(limits, /rest on \d+ assumptions about iOS that no phone has confirmed yet/);
    const target = await page.locator(".limits a").getAttribute("href");
    assert.equal(await page.locator(target).count(), 1);
    assert.match(await page.locator("#method").innerText(), /Assumption 4: .*speaks against it/);
  }));

test("the view says how many entries start outside it", () =>
  open("pair", async (page) => {
    const { entries } = verdicts("pair");
    assert.doesNotMatch(await page.locator(".view").innerText(), /outside/);
    await page.locator("tbody button.open").first().click();
    await view(page);
    assert.match(await page.locator(".view").innerText(), new RegExp(`1 of ${entries.length} entries start outside this view`));
  }));

test("on paper each entry has its explanation, and every track is drawn", () =>
  open("pair", async (page) => {
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    // The deepest in the background come first.
    const depths = ["none", "notification", "open", "metadata", "thumbnail", "data"];
    const printed = [...verdicts("pair").entries].sort((a, b) => depths.indexOf(b.depth) - depths.indexOf(a.depth));
    assert.ok(printed.every((entry) => entry.state === "background") && printed[0].depth === "data");
    assert.deepEqual(await page.locator("tr.explanation").allInnerTexts(), printed.map((entry) => entry.why));
    assert.equal(await page.locator("#entry:visible").count(), 0);
    const { canvas, tracks } = await page.evaluate(() => ({
      canvas: document.querySelector(".tracks canvas").getBoundingClientRect().height,
      tracks: document.querySelector(".body").getBoundingClientRect().height,
    }));
    assert.ok(canvas >= tracks, `${canvas} px of ${tracks}`);
    await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
    assert.equal(await page.locator("tr.explanation").count(), 0);
  }));

test("where no app state is known, the page does not say that no entry was in the background", () =>
  open("long_gap", async (page) => {
    const found = await page.locator(".found").innerText();
    assert.match(found, /as far as its state is known: none\..* For 3 entries the app’s state is not known/);
  }));

test("on paper a hundred apps fit on one sheet, and a note says what is not drawn", () =>
  open("crowd", async (page) => {
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await page.emulateMedia({ media: "print" });
    const tall = await page.evaluate(() => document.querySelector(".tracks").getBoundingClientRect().height);
    assert.ok(tall <= 842, `${tall} px`);
    assert.match(await page.locator(".timeline .note:visible").innerText(), /no more tracks; the table below/);
    assert.equal(await page.locator("tr.explanation").count(), verdicts("crowd").entries.length);
  }));
