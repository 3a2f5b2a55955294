// Floating-point arguments, which the integer arguments of a hook do not show.
import { basicAddress } from "../basics.js";
import { LEAF } from "../native.js";

/** Read the first two of a call, from inside its hook; null where they cannot be read. */
export type ReadPair = (context: CpuContext) => [number, number] | null;

const MAGIC = [0.6180339887498949, 1.4142135623730951] as const;
const DEEPEST = 8192;

function open(): ReadPair {
  if (Process.arch === "arm64") {
    return (context) => {
      const { d0, d1 } = context as Arm64CpuContext;
      return [d0, d1];
    };
  }
  const depth = floatDepth();
  if (depth === 0) return () => null;
  return (context) => {
    const saved = context.sp.sub(depth);
    return [saved.readDouble(), saved.add(16).readDouble()];
  };
}

let depthBelow: number | undefined;

/** Return how far below the stack pointer of a call its hook saves the vector registers; 0 where they are not there. */
export function floatDepth(): number {
  return (depthBelow ??= (Process.arch === "x64" ? calibrate() : null) ?? 0);
}

/** Find where this process's hooks save the vector registers, below the stack pointer, by a call with known values. */
function calibrate(): number | null {
  let found: number | null = null;
  try {
    const take = basicAddress("take")!;
    const hook = Interceptor.attach(take, {
      onEnter() {
        found = search(this.context.sp);
      },
    });
    Interceptor.flush();
    new NativeFunction(take, "void", ["double", "double"], { ...LEAF, traps: "default", scheduling: "cooperative" })(...MAGIC);
    hook.detach();
    Interceptor.flush();
  } catch {
    return null;
  }
  return found;
}

function search(sp: NativePointer): number | null {
  for (let depth = 8; depth <= DEEPEST; depth += 8) {
    const place = sp.sub(depth);
    if (place.readDouble() === MAGIC[0] && place.add(16).readDouble() === MAGIC[1]) return depth;
  }
  return null;
}

let reader: ReadPair | undefined;

export function floatPair(context: CpuContext): [number, number] | null {
  reader ??= open();
  return reader(context);
}

/** Prepare, outside of any hook. */
export function prepareFloats(): void {
  reader ??= open();
}
