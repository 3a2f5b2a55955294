import assert from "node:assert/strict";
import { test } from "node:test";
import { open, span, verdicts, view } from "./browser.mjs";

const middle = async (page) => {
  const box = await page.locator(".tracks canvas").boundingBox();
  return { x: box.x + box.width / 2, y: box.y + 60, box };
};

test("the wheel zooms with Ctrl or in the focused timeline, and scrolls the page otherwise", () =>
  open("ordinary", async (page) => {
    await page.locator("#timeline").scrollIntoViewIfNeeded();
    const { x, y } = await middle(page);
    const before = await view(page);
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, 40);
    assert.equal(span(await view(page)), span(before));
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -240);
    await page.keyboard.up("Control");
    const closer = await view(page);
    assert.ok(span(closer) < 0.8 * span(before));
    await page.locator(".tracks").focus();
    await page.mouse.wheel(0, -240);
    assert.ok(span(await view(page)) < 0.8 * span(closer));
  }));

test("dragging moves, and buttons zoom and show everything", () =>
  open("ordinary", async (page) => {
    await page.locator("#timeline").scrollIntoViewIfNeeded();
    await page.getByRole("button", { name: "Zoom in" }).click();
    const before = await view(page);
    const { x, y } = await middle(page);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x - 200, y, { steps: 4 });
    await page.mouse.up();
    const moved = await view(page);
    assert.ok(moved.from > before.from);
    assert.ok(Math.abs(span(moved) - span(before)) <= 2);
    await page.getByRole("button", { name: "Everything" }).click();
    const all = await view(page);
    assert.ok(all.from < 0 && span(all) > span(before));
  }));

test("two fingers zoom on a touch screen", () =>
  open(
    "ordinary",
    async (page) => {
      await page.locator("#timeline").scrollIntoViewIfNeeded();
      const before = await view(page);
      const { x, y } = await middle(page);
      const device = await page.context().newCDPSession(page);
      const touch = (type, apart) =>
        device.send("Input.dispatchTouchEvent", {
          type,
          touchPoints: type === "touchEnd" ? [] : [{ x: x - apart, y, id: 1 }, { x: x + apart, y, id: 2 }],
        });
      await touch("touchStart", 20);
      for (const apart of [30, 45, 60, 80]) await touch("touchMove", apart);
      await touch("touchEnd", 0);
      assert.ok(span(await view(page)) < 0.6 * span(before));
    },
    { hasTouch: true, viewport: { width: 800, height: 900 } },
  ));

test("a click on an entry shows why it exists, with evidence and stack", () =>
  open("ordinary", async (page) => {
    await page.locator("#timeline").scrollIntoViewIfNeeded();
    const { box } = await middle(page);
    const label = await page.locator(".label.cause", { hasText: "query" }).boundingBox();
    const { from, to } = await view(page);
    const { entries } = verdicts("ordinary");
    const entry = entries.find((one) => one.cause === "query" && one.depth === "data");
    const t0 = await page.evaluate(() => JSON.parse(document.getElementById("facts").textContent).t0_ms);
    const x = box.x + ((Date.parse(entry.begin) - t0 - from) / (to - from)) * box.width;
    await page.mouse.move(x, label.y + 12);
    assert.match(await page.locator(".tip").innerText(), /query · image data/);
    await page.mouse.click(x, label.y + 12);
    assert.equal(await page.locator("#entry .brief").innerText(), entry.brief);
    await page.locator(".whole > summary").click();
    assert.equal(await page.locator(".why").innerText(), entry.why);
    const references = await page.locator("#entry tbody tr td:first-child").allInnerTexts();
    assert.deepEqual(references.sort(), [...entry.evidence].sort());
    await page.locator("#entry details.stack summary").first().click();
    assert.match(await page.locator("#entry details.stack ol").first().innerText(), /-\[GLScanner scanAll\]/);
  }));

test("a hover over time that was not watched gives the reason", () =>
  open("long_gap", async (page) => {
    await page.locator("#timeline").scrollIntoViewIfNeeded();
    const { x, box } = await middle(page);
    await page.mouse.move(x, box.y + 10);
    assert.match(await page.locator(".tip").innerText(), /Not watched: detached: connection-lost/);
  }));

test("the keyboard alone reaches the timeline, moves, zooms, chooses and opens an entry, and leaves again", () =>
  open("ordinary", async (page) => {
    // The counts of the claim and of the matrix come first, each of them a button.
    for (let step = 0; step < 120; step++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement.classList.contains("tracks"))) break;
    }
    assert.ok(await page.evaluate(() => document.activeElement.classList.contains("tracks")));
    const before = await view(page);
    await page.keyboard.press("+");
    const closer = await view(page);
    assert.ok(span(closer) < span(before));
    await page.keyboard.press("ArrowRight");
    assert.ok((await view(page)).from > closer.from);
    await page.keyboard.press("n");
    await page.keyboard.press("n");
    const { entries } = verdicts("ordinary");
    assert.equal(await page.locator("#entry .brief").innerText(), entries[1].brief);
    assert.match(await page.locator(".timeline [role=status]").innerText(), /query/);
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "entry-heading");
    await page.locator(".tracks").focus();
    await page.keyboard.press("Escape");
    assert.ok(!(await page.evaluate(() => document.activeElement.classList.contains("tracks"))));
  }));

test("each of a hundred apps has a row that expands to its tracks", () =>
  open("crowd", async (page) => {
    assert.equal(await page.locator(".label.compact").count(), 100);
    await page.locator(".label.compact button").nth(1).click();
    assert.equal(await page.locator(".label.state").count(), 1);
    assert.equal(await page.locator(".label button").nth(1).getAttribute("aria-expanded"), "true");
  }));
