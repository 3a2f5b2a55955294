// Measure a page: the time of the first paint, and the frames per second while zooming and panning.
import { createRequire } from "node:module";

const require = createRequire(new URL("../../host/page/package.json", import.meta.url));
const { chromium } = require("playwright-core");

const [file] = process.argv.slice(2);
const FRAMES = 90;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(`file://${file}`);
await page.waitForSelector("html[data-ready]");
const paint = await page.evaluate(() => ({
  first_paint_ms: performance.getEntriesByName("first-contentful-paint")[0].startTime,
  ready_ms: performance.now(),
}));
await page.locator(".tracks").scrollIntoViewIfNeeded();

/** Turn the wheel or drag once per frame, and time the frames. */
const moved = (how) =>
  page.evaluate(
    async ({ how, frames }) => {
      const canvas = document.querySelector(".tracks canvas");
      const box = canvas.getBoundingClientRect();
      const drawn = () => Number(document.querySelector(".timeline").dataset.frames);
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      const at = (x) => ({ clientX: box.left + x, clientY: box.top + 60, bubbles: true, cancelable: true, view: window });
      const before = drawn();
      if (how === "pan") canvas.dispatchEvent(new MouseEvent("mousedown", at(700)));
      const start = await frame();
      let last = start;
      let longest = 0;
      for (let n = 1; n <= frames; n++) {
        if (how === "pan") window.dispatchEvent(new MouseEvent("mousemove", at(700 - 6 * n)));
        else canvas.dispatchEvent(new WheelEvent("wheel", { ...at(500), deltaY: n > frames / 2 ? 60 : -60, ctrlKey: true }));
        const now = await frame();
        longest = Math.max(longest, now - last);
        last = now;
      }
      if (how === "pan") window.dispatchEvent(new MouseEvent("mouseup", at(700)));
      return { fps: (1000 * frames) / (last - start), longest_frame_ms: longest, drawn: drawn() - before };
    },
    { how, frames: FRAMES },
  );

const zoom = await moved("zoom");
for (let n = 0; n < 6; n++) await page.getByRole("button", { name: "Zoom in" }).click();
const pan = await moved("pan");
await page.getByRole("button", { name: "Everything" }).click();
const whole = await moved("zoom");
console.log(JSON.stringify({ ...paint, zoom, pan, zoom_from_everything: whole }));
await browser.close();
