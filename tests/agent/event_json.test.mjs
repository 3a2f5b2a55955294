import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { module } from "./transpiled.mjs";

const { toJson, toPlacedItems } = await module("event_json");
const events = JSON.parse(readFileSync(new URL("../data/protocol/batch.json", import.meta.url), "utf8")).data;

test("events are the text that JSON.stringify would make", () => {
  assert.equal(toJson(events), JSON.stringify(events));
  assert.equal(toJson([]), "[]");
});

test("hostile words stay words, and null stays null", () => {
  const hostile = '"},{"kind":"mark","label":"\u2028\n\\ü😀';
  const changed = events.map((event) => ({
    ...event,
    ...(event.kind === "access" ? { symbol: hostile, asset: hostile, caller: { image: hostile, offset: 1 }, detail: { [hostile]: hostile }, internal: true } : {}),
    ...(event.kind === "delivery" ? { error: hostile, bytes: null } : {}),
    ...(event.kind === "accounting" ? { service: hostile, identifier: null } : {}),
    ...(event.kind === "authorization" ? { symbol: hostile, status: null, internal: true } : {}),
    ...(event.kind === "return" ? { cpu_ns: null } : {}),
  }));
  assert.equal(toJson(changed), JSON.stringify(changed));
});

const placed = readFileSync(new URL("../data/protocol/placed.json", import.meta.url), "utf8");
const PLACE = { segment: 3, shift: 100, since: 1 };

test("with a place they are lines of the file, with the same keys in the same order", () => {
  const whole = events.filter(({ kind }) => !["process", "stack"].includes(kind));
  const frame = [PLACE.segment, PLACE.shift, PLACE.since, whole.length];
  // Compared as text: numbers of the clocks have more digits than JavaScript's.
  const without = (text) => text.replace(/\s/g, "");
  assert.equal(without(`[${JSON.stringify(frame)},${toPlacedItems(whole, 1, PLACE)}]`), without(placed.slice(placed.indexOf("[", placed.indexOf('"data"')), placed.lastIndexOf("]") + 1)));
  assert.match(toPlacedItems([{ ...whole[0], at: [1700000000, 7, 5, 0] }], 5, PLACE), /"wall_ns":1700000000000000007,"mono_ns":5000000000,/);
});

test("what names an event of unknown place has none, and a stack, which the host completes, neither", () => {
  const named = { kind: "return", at: [1, 2, 3, 4], tid: 1, of: 7, duration_ns: 1, cpu_ns: null };
  assert.notEqual(toPlacedItems([named], 9, { ...PLACE, since: 7 }), null);
  assert.equal(toPlacedItems([named], 9, { ...PLACE, since: 8 }), null);
  assert.equal(toPlacedItems([{ kind: "stack", at: [1, 2, 3, 4], tid: null, id: 1, frames: [] }], 9, PLACE), null);
});
