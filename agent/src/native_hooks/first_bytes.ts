// The first bytes of functions that are hooked: they are put back some time before Frida takes a hook away.
//
// Where a hook is taken away, Frida frees what its jump leads to. A thread that has taken the jump and has not been counted yet
// then runs in freed memory. So the jump goes first, and what it leads to when every thread has long left that place.

/** More than Frida writes over: a far jump is 16 bytes long on arm64, and shorter on x86-64. */
const BYTES = 16;

/** What a function's code began with before it was hooked. */
export interface Taken {
  readonly address: NativePointer;
  readonly bytes: ArrayBuffer;
}

/** Note the first bytes of a function that is about to be hooked. */
export function takeNote(address: NativePointer): Taken {
  return { address, bytes: address.readByteArray(BYTES)! };
}

export function restoreCode({ address, bytes }: Taken): void {
  Memory.patchCode(address, BYTES, (code) => code.writeByteArray(bytes));
}
