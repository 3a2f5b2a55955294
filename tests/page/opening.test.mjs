import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { open, pages, picture, verdicts, violations } from "./browser.mjs";

const STORIES = ["ordinary", "hostile", "nothing", "unrecorded", "long_gap", "crowd", "pair", "dispute"];

for (const story of STORIES) {
  test(`${story}: opens from disk without one request, shows the right counts, is readable and accessible`, () =>
    open(story, async (page, noticed) => {
      assert.deepEqual(noticed.requests.filter((url) => !url.endsWith(`${story}.html`)), []);
      assert.deepEqual(noticed.errors, []);
      const { entries } = verdicts(story);
      const rows = await page.locator("table.entries tbody tr").count();
      assert.equal(rows, Math.min(entries.length, 100));
      const byCause = Object.values(Object.groupBy?.(entries, (e) => e.cause) ?? grouped(entries)).map((group) => group.length);
      const counts = (await page.locator(".found strong").allTextContents()).map(Number);
      assert.deepEqual(counts.sort(), byCause.sort());
      const headline = await page.locator("h1").textContent();
      assert.match(headline, entries.length ? new RegExp(`lists ${entries.length} photos`) : /lists no photos entry/);
      const { wide, screen } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, screen: innerWidth }));
      assert.ok(wide <= screen, `${wide} px wide on a screen of ${screen}`);
      assert.deepEqual(await violations(page), []);
      await picture(page, `${story}-light`);
    }));
}

function grouped(entries) {
  const groups = {};
  for (const entry of entries) (groups[entry.cause] ??= []).push(entry);
  return groups;
}

test("hostile names neither run nor make elements, and are shown as text", () =>
  open("hostile", async (page, noticed) => {
    for (const row of await page.locator("tbody button.open").all()) await row.click();
    await page.locator("details").evaluateAll((all) => all.forEach((one) => (one.open = true)));
    await page.hover(".tracks canvas", { position: { x: 300, y: 40 } });
    assert.doesNotMatch(await page.title(), /^owned/);
    assert.equal(noticed.dialogs, 0);
    assert.deepEqual(noticed.errors, []);
    assert.equal(await page.locator("img, iframe, object, embed, a[href^='javascript'], [onerror], [onclick]").count(), 0);
    assert.equal(await page.locator("script").count(), 3);
    const text = await page.locator("main").innerText();
    assert.ok(text.includes("</script><script>document.title="));
    assert.doesNotMatch(text, /[\u0000-\u0008\u001b\u202a-\u202e\u2066-\u2069]/u);
  }));

test("the policy stops a script that was added to the page, and one that parses text as markup", async () => {
  const source = readFileSync(`${pages}/ordinary.html`, "utf8");
  assert.doesNotMatch(source, /<[^>]+\son\w+\s*=/);
  await open("ordinary", async (page) => {
    const outcome = await page.evaluate(() => {
      const script = document.createElement("script");
      try {
        script.append("document.title = 'owned'");
        document.head.append(script);
      } catch {}
      let markup = "made";
      try {
        document.body.innerHTML = "<b>x</b>";
      } catch {
        markup = "refused";
      }
      return { title: document.title, markup };
    });
    assert.notEqual(outcome.title, "owned");
    assert.equal(outcome.markup, "refused");
  });
});
