import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { module } from "./transpiled.mjs";

const { split, typesOf, typesOfGetter } = await module("probes/type_encoding");
const { probes } = await module("probes/catalogue/index");

test("an encoding is split into its types", () => {
  assert.deepEqual(split("i64@0:8@16{CGSize=dd}24q40@48@?56"), ["i", "@", ":", "@", "{CGSize=dd}", "q", "@", "@?"]);
  assert.deepEqual(split('v24@0:8@"NSString"16'), ["v", "@", ":", '@"NSString"']);
  assert.deepEqual(split("@32@0:8@16^@24"), ["@", "@", ":", "@", "^@"]);
  assert.deepEqual(split("v40@0:8r^{a=[4i]}16"), ["v", "@", ":", "r^{a=[4i]}".replace("r", "")]);
});

test("every probe wants only what Apple's own encodings have", () => {
  const rows = readFileSync(new URL("../data/photokit_public.csv", import.meta.url), "utf8").trim().split("\n").slice(1);
  const encodings = new Map();
  for (const row of rows) {
    const [, cls, sign, selector, encoding] = row.split(",");
    encodings.set(`${sign}[${cls} ${selector}]`, encoding);
  }
  let checked = 0;
  for (const { symbol, decode } of probes) {
    const encoding = encodings.get(symbol);
    if (encoding === undefined) continue;
    checked++;
    assert.equal(typesOf(encoding, decode), null, symbol);
  }
  assert.ok(checked > 90);
});

test("an encoding with other arguments is refused", () => {
  assert.match(typesOf("v32@0:8q16q24", { handlers: [{ at: 3 }] }), /not the expected/);
  assert.match(typesOf("@24@0:8q16", { asset: 2 }), /not the expected/);
  assert.match(typesOf("i40@0:8@16@24@?32", { size: true }), /not the expected/);
});

test("a getter that is counted takes what its selector says and returns an object or a whole number", () => {
  const rows = readFileSync(new URL("../data/photokit_public.csv", import.meta.url), "utf8").trim().split("\n").slice(1);
  const counted = new Set(probes.filter(({ handle }) => handle === "property").map(({ symbol }) => symbol));
  let checked = 0;
  for (const row of rows) {
    const [, cls, sign, selector, encoding] = row.split(",");
    if (!counted.has(`${sign}[${cls} ${selector}]`)) continue;
    checked++;
    assert.equal(typesOfGetter(encoding, selector), null, selector);
  }
  assert.ok(checked >= 5);
  assert.equal(typesOfGetter("@24@0:8#16", "_createPropertyObjectOfClass:"), null);
  assert.equal(typesOfGetter("Q16@0:8", "fileSize"), null);
  const wrong = [["d16@0:8", "location"], ["{CLLocationCoordinate2D=dd}16@0:8", "location"], ["@24@0:8d16", "location:"], ["@24@0:8@16", "location"], ["v16@0:8", "location"], ["", "location"]];
  for (const [encoding, selector] of wrong) assert.match(typesOfGetter(encoding, selector), /is not the expected one/);
});
