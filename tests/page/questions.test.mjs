// People's questions, asked of the real page: with the keyboard only, at the width of a phone, in both languages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, verdicts } from "./browser.mjs";

const PHONE = { viewport: { width: 390, height: 844 } };
/** The page opens with whatever a reader presses to make something happen. The Tab key only moves. */
const MOST_ACTIONS = 3;

/** The words of the question, as the page writes them, and those of the answer. */
const LANGUAGES = [
  { locale: "en-GB", photos: "image data", background: "background", night: "midnight", answer: ["change notification, linked", "wake-up, linked", "nothing seen"] },
  { locale: "zh-CN", photos: "图像数据", background: "后台", night: "零点", answer: ["变更通知，有关联", "后台唤醒，有关联", "未见触发"] },
];

/** What the report and the recording know: entries of the night in which whole photos were requested in the background. */
function truth(story) {
  const { entries } = verdicts(story);
  const isNight = ({ begin, end }) => Number(begin.slice(11, 13)) < 6 || Number(end.slice(11, 13)) < 6;
  return entries.filter((one) => one.state === "background" && one.depth === "data" && isNight(one));
}

const counted = (entries) => ["change", "wake", "none"].map((kind) => entries.filter((one) => one.trigger.kind === kind).length);

/** Move with the Tab key until the focus is on a control whose name has all of these words; return its name. */
async function tabTo(page, words) {
  for (let step = 0; step < 150; step++) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent);
    if (words.every((word) => name.includes(word))) return name;
  }
  throw new Error(`no control is named ${words.join(", ")}`);
}

const inView = (page, selector) =>
  page.locator(selector).evaluate((element) => {
    const box = element.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight && box.width > 0;
  });

for (const { locale, photos, background, night, answer } of LANGUAGES) {
  test(`${locale}: did the app read whole photos in the background, at night, and what set it off?`, () =>
    open(
      "season",
      async (page) => {
        const known = truth("season");
        assert.equal(known.length, 7);
        let actions = 0;
        const name = await tabTo(page, [photos, background, night]);
        // What is read out and what is seen are the same number.
        assert.match(name, /^7\D/);
        assert.equal(await page.evaluate(() => document.activeElement.innerText.trim()), "7");
        await page.keyboard.press("Enter");
        actions += 1;
        assert.ok(actions <= MOST_ACTIONS);
        // The answer has the focus, so that it is read out, and is on the screen.
        assert.ok(await page.evaluate(() => document.activeElement.classList.contains("summary")));
        assert.ok(await inView(page, ".summary"));
        assert.match(await page.locator(".tally .of-all").innerText(), locale === "en-GB" ? /^7 of 1,500 entries/ : /^1,500 条记录中的 7 条/);
        const setOff = await page.locator(".tally .set-off").innerText();
        counted(known).forEach((n, at) => assert.ok(setOff.includes(`${answer[at]} ${n}`), `${answer[at]} ${n}: ${setOff}`));
        const shown = await page.locator("table.entries tbody tr").evaluateAll((rows) => rows.length);
        assert.equal(shown, 7);
        assert.match(decodeURIComponent(new URL(page.url()).hash), /^#depth=data&state=background&night=yes$/);
      },
      { ...PHONE, locale },
    ));

  test(`${locale}: when was the last of them, and why does it exist?`, () =>
    open(
      "season",
      async (page) => {
        const [last] = truth("season").slice(-1);
        await tabTo(page, [photos, background, night]);
        await page.keyboard.press("Enter");
        await tabTo(page, [last.begin.slice(0, 10), last.begin.slice(11, 19)]);
        await page.keyboard.press("Enter");
        // Two actions, and the sentence is on the screen.
        assert.ok(await inView(page, "#entry p.brief"));
        if (locale === "en-GB") assert.equal(await page.locator("#entry p.brief").innerText(), last.brief);
        assert.match(page.url(), new RegExp(`entry=${last.identifier}`));
        await page.keyboard.press("Escape");
        const focus = await page.evaluate(() => document.activeElement.closest("tr")?.querySelector("button.open").getAttribute("aria-label"));
        assert.ok(focus?.includes(last.begin.slice(11, 19)), focus);
      },
      { ...PHONE, locale },
    ));
}

test("on a phone an entry is a card: cause and depth are on the screen, before the length", () =>
  open(
    "season",
    async (page) => {
      const card = page.locator("table.entries tbody tr").first();
      await card.scrollIntoViewIfNeeded();
      const at = async (name) => card.locator(`td.of-${name}`).boundingBox();
      const [cause, depth, length] = [await at("cause"), await at("depth"), await at("length")];
      for (const box of [cause, depth, length]) assert.ok(box.x >= 0 && box.x + box.width <= 390);
      assert.ok(cause.y < length.y && depth.y < length.y);
    },
    PHONE,
  ));

for (const [locale, word, meaning] of [["en-GB", "image data", /whole photos, videos/], ["zh-CN", "图像数据", /完整的照片/]]) {
  test(`${locale}: a word is one key from its definition, and the key Esc leads back`, () =>
    open(
      "season",
      async (page) => {
        await tabTo(page, [word]);
        await page.keyboard.press("Enter");
        assert.match(await page.locator(".definition").innerText(), meaning);
        await page.keyboard.press("Escape");
        assert.equal(await page.locator(".definition:visible").count(), 0);
        assert.equal(await page.evaluate(() => document.activeElement.textContent), word);
      },
      { ...PHONE, locale },
    ));
}

test("a tap on a word of a row shows its definition, and does not open the entry", () =>
  open(
    "season",
    async (page) => {
      await page.locator("table.entries tbody tr").first().locator("td.of-depth button.term").tap();
      assert.equal(await page.locator(".definition:visible").count(), 1);
      assert.equal(await page.locator("tr.chosen").count(), 0);
    },
    { ...PHONE, hasTouch: true },
  ));
