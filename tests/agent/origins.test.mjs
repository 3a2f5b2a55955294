import assert from "node:assert/strict";
import { test } from "node:test";
import { module } from "./transpiled.mjs";

const { ThreadOrigins } = await module("origins/thread_origins");
const { HANDOFFS } = await module("origins/handoffs");

test("the innermost origin counts, and each thread has its own", () => {
  const origins = new ThreadOrigins();
  const outer = origins.enter(1, 7);
  const inner = origins.enter(1, 9);
  assert.equal(origins.here(1), 9);
  assert.equal(origins.here(2), null);
  origins.leave(1, inner);
  assert.equal(origins.here(1), 7);
  origins.leave(1, outer);
  assert.equal(origins.here(1), null);
});

test("leaving an origin leaves the inner ones that an exception has skipped", () => {
  const origins = new ThreadOrigins();
  const outer = origins.enter(1, 7);
  origins.enter(1, 9);
  origins.leave(1, outer);
  assert.equal(origins.here(1), null);
});

test("inside of an origin whose event was dropped, nothing is because of the outer one", () => {
  const origins = new ThreadOrigins();
  origins.enter(1, 7);
  origins.enter(1, 0);
  assert.equal(origins.here(1), null);
});

const method = /^[+-]\[\w+ (\S+)\]$/;

/** The place of a method's argument by the part of the selector that comes before it; self and _cmd are 0 and 1. Numbers with a point are not counted. */
function places(selector) {
  const parts = selector.split(":").slice(0, -1).filter((part) => !/(afterDelay|TimeInterval|^interval)$/.test(part));
  return Object.fromEntries(parts.map((part, i) => [part, 2 + i]));
}

test("every method takes what is handed on where the list says", () => {
  for (const { symbol, way } of HANDOFFS) {
    const found = method.exec(symbol);
    if (found === null) continue;
    const at = places(found[1]);
    const name = (place) => Object.keys(at).find((part) => at[part] === place) ?? "";
    if (way.kind === "block" || way.kind === "block-now") assert.match(name(way.at), /[bB]lock$|[hH]andler$|^performChanges(AndWait)?$/, symbol);
    if (way.kind === "object" || way.kind === "objects") assert.match(way.at === 0 ? "self" : name(way.at), /^self$|Operations?$/, symbol);
    if (way.kind !== "message" && way.kind !== "timer") continue;
    assert.match(name(way.selector), /[sS]elector(OnMainThread|InBackground)?$/, symbol);
    assert.match(way.target === 0 ? "self" : name(way.target), /^self$|[tT]arget$/, symbol);
    if (way.kind === "message") assert.match(name(way.argument), /[oO]bject$/, symbol);
  }
});

test("no way to hand on is listed twice", () => {
  assert.equal(new Set(HANDOFFS.map(({ symbol }) => symbol)).size, HANDOFFS.length);
});

test("what may wait for the work is said to wait", () => {
  for (const { symbol, waits } of HANDOFFS) assert.equal(waits, /_sync|_apply|_wait|waitUntil|performChanges/.test(symbol), symbol);
});
