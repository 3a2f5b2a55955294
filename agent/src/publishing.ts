// How a thread puts something where hooks on other threads look, and how they read it.
//
// AArch64 may show two stores of one thread to another in either order, and so a table before what it points to. The compiler
// in the app (CModule, TinyCC) has neither C11's atomics nor, on arm64, assembly. Frida gives it two additions that acquire
// and release. So three rules hold:
// - what is published is one aligned word, put there by such an addition: what was stored before is seen before;
// - it is loaded once, and the rest is reached through it: the processor keeps the order of an address and what is at it;
// - a table has no count. It ends with an empty word, its entries are words, and none is moved while it is read.
// tests/agent/orders has the same C under the thread sanitizer. Source: Arm Architecture Reference Manual, B2.3.
import { basic } from "./basics.js";

export const PUBLISHING_C = `
#ifndef LOAD
#ifdef __TINYC__
# define LOAD(place) (*(place)) /* of a volatile: loaded as it is written here, and never again */
#else
# define LOAD(place) __atomic_load_n (place, __ATOMIC_ACQUIRE)
#endif
/* One thread at a time may put something at a place. */
static void put_word (volatile void * place, gsize value) { g_atomic_pointer_add (place, (gssize) (value - *(volatile gsize *) place)); }
#endif
`;

let put: ((place: NativePointer, value: NativePointer) => void) | undefined;
let add: ((place: NativePointer, value: number) => void) | undefined;

/** Put a pointer at a place where other threads look. They see all that was written before. */
export function publish(place: NativePointer, value: NativePointer): void {
  (put ??= basic("put", "void", ["pointer", "pointer"])!)(place, value);
}

/** Add to a 32-bit number that other threads read or change. */
export function addNumber(place: NativePointer, value: number): void {
  (add ??= basic("add", "void", ["pointer", "int"])!)(place, value);
}
