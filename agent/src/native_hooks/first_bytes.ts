// The first bytes of functions that are hooked: they are put back some time before Frida takes a hook away.
//
// Where a hook is taken away, Frida frees what its jump leads to. A thread that has taken the jump and has not been counted yet
// then runs in freed memory. So the jump goes first, and what it leads to when every thread has long left that place.

/**
 * More than Frida writes over. On x86-64 it fills up with no-ops to the end of an instruction: 17 and 21 bytes were seen. How many
 * it has written, a look at the code says: the next function may begin right behind, and be hooked too.
 */
const MOST = 48;
const WORD = 8;

/** What a function's code began with before it was hooked. */
export interface Taken {
  readonly address: NativePointer;
  readonly bytes: ArrayBuffer;
}

/** Note the first bytes of a function that is about to be hooked. */
export function takeNote(address: NativePointer): Taken {
  return { address, bytes: address.readByteArray(MOST)! };
}

/** Keep of a note what the hook, which is in place now, has written over. */
export function overwritten({ address, bytes }: Taken): Taken {
  const before = new Uint8Array(bytes);
  const after = new Uint8Array(address.readByteArray(MOST)!);
  let end = MOST;
  while (end > 0 && before[end - 1] === after[end - 1]) end--;
  return { address, bytes: bytes.slice(0, end) };
}

/** The jump last, and in one store: a thread that comes meanwhile takes it, or finds the function whole. */
export function restoreCode({ address, bytes }: Taken): void {
  if (bytes.byteLength === 0) return;
  const first = new ArrayBuffer(WORD);
  new Uint8Array(first).set(new Uint8Array(address.readByteArray(WORD)!));
  new Uint8Array(first).set(new Uint8Array(bytes.slice(0, WORD)));
  const word = uint64("0x" + [...new Uint8Array(first)].reverse().map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  Memory.patchCode(address, Math.max(WORD, bytes.byteLength), (code) => {
    if (bytes.byteLength > WORD) code.add(WORD).writeByteArray(bytes.slice(WORD));
    code.writeU64(word);
  });
}
