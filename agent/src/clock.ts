// The device's clocks.
import { basic, IDS } from "./basics.js";
import { LEAF, needExport } from "./native.js";
import type { At } from "./protocol.js";

const NS_PER_S = 1e9;

// One call reads all clocks: seconds and nanoseconds of each.
const buffer = Memory.alloc(24);
const words = new Uint32Array(ArrayBuffer.wrap(buffer, 24));

interface Stamps {
  stamp(): void;
  stampCpu(): void;
}

function compiled(): Stamps | null {
  const stamp = basic<(to: NativePointer) => void>("stamp", "void", ["pointer"]);
  const stampCpu = basic<(to: NativePointer) => void>("stamp_cpu", "void", ["pointer"]);
  return stamp === null || stampCpu === null ? null : { stamp: () => stamp(buffer), stampCpu: () => stampCpu(buffer) };
}

function interpret(): Stamps {
  const read = new NativeFunction(needExport("clock_gettime"), "int", ["int", "pointer"], LEAF);
  const spec = Memory.alloc(16);
  const halves = new Uint32Array(ArrayBuffer.wrap(spec, 16));
  const put = (place: number, id: number): void => {
    read(id, spec);
    words[place] = halves[0]!;
    words[place + 1] = halves[2]!;
  };
  const stamp = (): void => {
    put(0, IDS.wall);
    put(2, IDS.continuous);
  };
  return {
    stamp,
    stampCpu: () => {
      stamp();
      put(4, IDS.threadCpu);
    },
  };
}

const stamps = compiled() ?? interpret();

/** Read both clocks. */
export function now(): At {
  stamps.stamp();
  return [words[0]!, words[1]!, words[2]!, words[3]!];
}

/** Read both clocks and the calling thread's CPU time; `lastCpuNs` returns the latter. */
export function nowWithCpu(): At {
  stamps.stampCpu();
  return [words[0]!, words[1]!, words[2]!, words[3]!];
}

/** Return the thread CPU time that the last `nowWithCpu` has read, ns. */
export function lastCpuNs(): number {
  return words[4]! * NS_PER_S + words[5]!;
}

/** Return the nanoseconds from one reading to a later one, on the continuous clock. */
export function elapsedNs(from: At, to: At): number {
  return (to[2] - from[2]) * NS_PER_S + (to[3] - from[3]);
}
