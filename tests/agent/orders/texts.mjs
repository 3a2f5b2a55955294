// Write the agent's C as files, to be compiled for this machine. Argument: the folder.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

// What Frida gives a script. Nothing of it is called: the modules are only read for their texts.
const anything = new Proxy(function () {}, { get: (_, name) => (name === Symbol.toPrimitive ? () => 0 : anything), apply: () => anything, construct: () => anything });
Object.assign(globalThis, { Memory: anything, Module: anything, NativeFunction: anything, NativeCallback: anything, CModule: anything, Interceptor: anything, ModuleMap: anything });
Object.assign(globalThis, { ptr: anything, NULL: anything, rpc: anything, Process: { platform: "linux", arch: "x64", pointerSize: 8, findModuleByName: () => anything } });
ArrayBuffer.wrap = (_, bytes) => new ArrayBuffer(bytes);

const { module } = await import("../transpiled.mjs");
const [{ LANE_C }, { GATE_C }] = await Promise.all(["lane_c", "replace"].map((name) => module(`native_hooks/${name}`)));
writeFileSync(join(process.argv[2], "lane.h"), LANE_C);
writeFileSync(join(process.argv[2], "gate.h"), GATE_C);
