// The device's clocks. The only place that knows one platform from another.
import { compile, LEAF, needExport } from "./native.js";
import type { At } from "./protocol.js";

// Source: Darwin's and Linux's time.h. The second one never steps and counts sleep.
export const IDS = Process.platform === "darwin" ? { wall: 0, continuous: 4, threadCpu: 16 } : { wall: 0, continuous: 7, threadCpu: 3 };

const NS_PER_S = 1e9;

// One call reads all clocks: seconds and nanoseconds of each.
const SOURCE = `
extern int clock_gettime (int id, void * spec);
static void put (unsigned int * out, int id) {
  long long spec[2];
  clock_gettime (id, spec);
  out[0] = (unsigned int) spec[0];
  out[1] = (unsigned int) spec[1];
}
void stamp (unsigned int * out) {
  put (out, ${IDS.wall});
  put (out + 2, ${IDS.continuous});
}
void stamp_cpu (unsigned int * out) {
  stamp (out);
  put (out + 4, ${IDS.threadCpu});
}
`;

const buffer = Memory.alloc(24);
const words = new Uint32Array(ArrayBuffer.wrap(buffer, 24));

interface Stamps {
  stamp(): void;
  stampCpu(): void;
}

function compiled(clockGettime: NativePointer): Stamps {
  const module = compile(SOURCE, { clock_gettime: clockGettime });
  const stamp = new NativeFunction(module["stamp"]!, "void", ["pointer"], LEAF);
  const stampCpu = new NativeFunction(module["stamp_cpu"]!, "void", ["pointer"], LEAF);
  return { stamp: () => stamp(buffer), stampCpu: () => stampCpu(buffer) };
}

function interpret(clockGettime: NativePointer): Stamps {
  const read = new NativeFunction(clockGettime, "int", ["int", "pointer"], LEAF);
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

function open(): Stamps {
  const clockGettime = needExport("clock_gettime");
  try {
    return compiled(clockGettime);
  } catch {
    return interpret(clockGettime); // this process cannot compile
  }
}

const stamps = open();

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
