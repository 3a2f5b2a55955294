// Every probe takes the lane in C, or docs/probes.md says why it does not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

// What Frida gives a script: memory that takes everything.
const anything = new Proxy(function () {}, { get: (_, name) => (name === Symbol.toPrimitive ? () => 0 : anything), apply: () => anything, construct: () => anything });
for (const name of ["Memory", "Module", "NativeFunction", "NativeCallback", "CModule", "Interceptor", "ptr", "NULL", "rpc"]) globalThis[name] = anything;
ArrayBuffer.wrap = (_memory, size) => new ArrayBuffer(size);
globalThis.Process = { platform: "linux", arch: "x64", pointerSize: 8, findModuleByName: () => anything };

const { module } = await import("./transpiled.mjs");
const { probes } = await module("probes/catalogue/index");
const { NativeHook } = await module("native_hooks/probe_selection");

const page = readFileSync(new URL("../../docs/probes.md", import.meta.url), "utf8");
const section = page.split("## What runs in JavaScript, and why\n")[1].split("\n## ")[0];
const reasons = new Set([...section.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, names]) => [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name)));

const IN_C = new Set(["posted", "input", "property"]);
const READ_IN_C = new Set(["numbers", "counts", "query"]);

/** Why a probe needs JavaScript: its handle, and for an access what is read of its arguments; empty where it is in C. */
function needs(probe) {
  const { handle, symbol, decode } = probe;
  if (IN_C.has(handle) || symbol.includes(" photoLibrary")) return [];
  if (probe.sets.every((set) => NativeHook.of(probe, set) !== null)) return [];
  if (handle !== "access") return [handle];
  const read = Object.keys(decode).filter((name) => !READ_IN_C.has(name));
  return read.length === 0 ? ["more than two details"] : read;
}

test("a probe in JavaScript has a reason", () => {
  const missing = probes.flatMap((probe) => needs(probe).filter((name) => !reasons.has(name)).map((name) => `${probe.probe}: ${name}`));
  assert.deepEqual(missing, []);
});

test("what is frequent is in C", () => {
  const named = (part) => probes.filter(({ symbol }) => symbol.includes(part));
  for (const part of ["photoLibraryDidChange:", "authorizationStatus]", "executeQuery", "sendEvent:", "postNotification"]) {
    assert.ok(named(part).length > 0, part);
    assert.deepEqual(named(part).flatMap(needs), [], part);
  }
});
