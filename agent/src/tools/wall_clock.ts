// The wall clock for the helper scripts. Not that of clock.ts, which compiles C: these run where nothing may compile.
import { needExport } from "../native.js";

const CLOCK_REALTIME = 0;
const MS_PER_S = 1000;
const NS_PER_MS = 1e6;

/** Return the process's wall clock, Unix ms. Source: clock_gettime(2). */
export function wallClockMs(): number {
  const spec = Memory.alloc(16);
  new NativeFunction(needExport("clock_gettime"), "int", ["int", "pointer"])(CLOCK_REALTIME, spec);
  return spec.readU64().toNumber() * MS_PER_S + spec.add(8).readU64().toNumber() / NS_PER_MS;
}
