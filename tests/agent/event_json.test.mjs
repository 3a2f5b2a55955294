import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { module } from "./transpiled.mjs";

const { toJson } = await module("event_json");
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
