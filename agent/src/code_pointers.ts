// Which bits of a code pointer are its address: the others may be a signature (arm64e, and return addresses of branch protection on Linux).
//
// How many there are depends on the processor and on how its system uses it. So no constant says it: the processor's own
// instruction strips a pointer that has all bits, once, and what is left is the mask for hooks in C.
// Source: Arm Architecture Reference Manual, XPACI and XPACLRI.
import { LEAF } from "./native.js";

/** All bits but those that say which half of the addresses a pointer belongs to (bit 55), and the byte above, which hardware may ignore. */
const FULL = "0x007fffffffffffff";
/** mov x9, x30; mov x30, x0; xpaclri; mov x0, x30; ret x9. Processors without signatures take xpaclri for a no-op. */
const STRIP = [0xaa1e03e9, 0xaa0003fe, 0xd50320ff, 0xaa1e03e0, 0xd65f0120];

let mask: NativePointer | undefined;

/** Return the mask that leaves the address of a code pointer. */
export function codeMask(): NativePointer {
  return (mask ??= findMask());
}

/** Return the address of a code pointer. */
export function plainCode(pointer: NativePointer): NativePointer {
  return pointer.and(codeMask());
}

function findMask(): NativePointer {
  if (Process.arch !== "arm64") return ptr(-1);
  // Frida strips only where it is itself compiled for signed pointers: on arm64e. Elsewhere on iOS the system has turned signing off.
  const byFrida = ptr(FULL).strip();
  return Process.platform === "linux" ? byProcessor(byFrida) : byFrida;
}

function byProcessor(pointer: NativePointer): NativePointer {
  const page = Memory.alloc(Process.pageSize);
  Memory.patchCode(page, 4 * STRIP.length, (code) => STRIP.forEach((word, i) => code.add(4 * i).writeU32(word)));
  return (new NativeFunction(page, "pointer", ["pointer"], LEAF) as (pointer: NativePointer) => NativePointer)(pointer);
}
