// The built agent has the catalogue as a table. What it reads from it is the catalogue.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tableOf, withTable } from "../../agent/scripts/small_catalogue.mjs";
import { module } from "./transpiled.mjs";

const { probes } = await module("probes/catalogue/index");
const types = await module("probes/catalogue/types");
const { rowsOf } = await module("probes/catalogue/table");

test("the table has every probe, in order, with all that it says", () => {
  const { table, common, decodes } = tableOf(probes, types);
  assert.ok(probes.length > 200);
  assert.deepEqual(rowsOf(table, common, decodes), probes);
});

test("a class and a set of options are there once", () => {
  const { table, common, decodes } = tableOf(probes, types);
  for (const all of [common.split("\n"), decodes.map((one) => JSON.stringify(one))]) assert.equal(new Set(all).size, all.length);
  assert.ok(table.length < probes.reduce((sum, { probe, symbol }) => sum + probe.length + symbol.length, 0) * 0.7);
});

test("a source without rows is refused", () => {
  assert.throws(() => withTable("export const nothing = 1;", { table: "", common: "", decodes: [] }), /has no line/);
});
