// A real browser. The pages are written from stories (pages.py) and opened from disk.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

const require = createRequire(new URL("../../host/page/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const pages = process.env.LIGHTLEAK_PAGES ?? fileURLToPath(new URL("../../build/pages", import.meta.url));
export const screenshots = fileURLToPath(new URL("../../build/screenshots", import.meta.url));
mkdirSync(screenshots, { recursive: true });

let browser;
before(async () => (browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] })));
after(() => browser.close());

export const verdicts = (story) => JSON.parse(readFileSync(`${pages}/${story}.json`, "utf8"));

/** Open a story's page and pass it to `look`, with the requests, errors and dialogs that the browser reported. */
export async function open(story, look, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ...options });
  try {
    const page = await context.newPage();
    const noticed = { requests: [], errors: [], dialogs: 0 };
    page.on("request", (request) => noticed.requests.push(request.url()));
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && noticed.errors.push(message.text()));
    page.on("pageerror", (error) => noticed.errors.push(String(error)));
    page.on("dialog", (dialog) => (noticed.dialogs++, dialog.dismiss()));
    await page.goto(`file://${pages}/${story}.html`);
    if (options.javaScriptEnabled !== false) await page.waitForSelector("html[data-ready]");
    await look(page, noticed);
  } finally {
    await context.close();
  }
}

/** Run axe, and return its violations in words. */
export async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`);
}

export const picture = (page, name) => page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });

/** Return the span in view after the next frames are drawn. */
export async function view(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return page.$eval(".timeline", (element) => ({ from: Number(element.dataset.from), to: Number(element.dataset.to) }));
}

export const span = ({ from, to }) => to - from;
