import assert from "node:assert/strict";
import { test } from "node:test";
import { module } from "./transpiled.mjs";

const { Nesting } = await module("nesting");
const frame = (owner, cause = null) => ({ owner, cause });

test("threads do not see each other's calls", () => {
  const nesting = new Nesting();
  const call = frame("framework");
  nesting.push(1, call);
  assert.equal(nesting.top(1), call);
  assert.equal(nesting.top(2), null);
});

test("leaving an outer call leaves the inner ones that an exception has skipped", () => {
  const nesting = new Nesting();
  const outer = frame("framework");
  nesting.push(1, outer);
  nesting.push(1, frame("app", 7));
  nesting.push(1, frame("framework", 7));
  nesting.pop(1, outer);
  assert.equal(nesting.top(1), null);
});

test("leaving a call that is gone already changes nothing", () => {
  const nesting = new Nesting();
  const [gone, there] = [frame("framework"), frame("app")];
  nesting.push(1, there);
  nesting.pop(1, gone);
  assert.equal(nesting.top(1), there);
});
