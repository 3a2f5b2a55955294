// The first bytes of functions that are hooked: they are put back some time before Frida takes the hooks away.
//
// Where a hook is taken away, Frida frees at once what its jump leads to. A thread that has taken the jump and is not counted
// yet would run in freed memory. So the jumps go first, and what they lead to when every thread has long left that place.
// Hooks that another script has set on the same functions since end with ours (ADR 0015).
import { needExport, QUIET } from "../native.js";

/**
 * More than Frida writes over. On x86-64 it fills up with no-ops to the end of an instruction: 17 and 21 bytes were seen. How many
 * it has written, a look at the code says: the next function may begin right behind, and be hooked too.
 */
const MOST = 48;
const WORD = 8;
/** For this long a thread may be kept from running on a busy machine. */
const SETTLE_US = 150_000;

interface Noted {
  readonly address: NativePointer;
  readonly bytes: Uint8Array;
}

const usleep = new NativeFunction(needExport("usleep"), "int", ["uint"], QUIET);
const noted = new Map<string, Noted>();

/** Note the first bytes of a function that is about to be hooked. */
export function noteFirstBytes(address: NativePointer): void {
  const key = address.toString();
  if (noted.has(key)) return;
  try {
    noted.set(key, { address, bytes: new Uint8Array(address.readByteArray(MOST)!) });
  } catch {
    // The last function of an image may be shorter: it keeps its jump until Frida takes that away.
  }
}

/** An image is unloaded: what comes to its place is not ours to write to. */
export function forgetFirstBytes({ base, size }: Module): void {
  const end = base.add(size);
  for (const [key, { address }] of noted) if (address.compare(base) >= 0 && address.compare(end) < 0) noted.delete(key);
}

/** Put the first bytes of all hooked functions back, call `then`, and wait until no thread can still be on the way that it has left. */
export function restoreFirstBytes(then: () => void): void {
  const pages = new Map<string, Noted[]>();
  // From low to high: what was noted of a short function may contain the jump of the next one.
  for (const one of [...noted.values()].sort((left, right) => left.address.compare(right.address))) {
    const page = one.address.and(ptr(Process.pageSize - 1).not()).toString();
    const there = pages.get(page);
    if (there === undefined) pages.set(page, [one]);
    else there.push(one);
  }
  noted.clear();
  for (const [page, functions] of pages) {
    try {
      const base = ptr(page);
      const changed = functions.map(({ address, bytes }) => ({ at: Number(address.sub(base)), bytes: overwritten(address, bytes) }));
      const end = Math.max(...changed.map(({ at }) => at)) + MOST;
      Memory.patchCode(base, end, (code) => changed.forEach(({ at, bytes }) => restore(code.add(at), bytes)));
    } catch {
      // Not there any more, with its image.
    }
  }
  then();
  if (pages.size > 0) usleep(SETTLE_US);
}

/** Return of the noted bytes those that the hook has written over, and at least a word. */
function overwritten(address: NativePointer, before: Uint8Array): Uint8Array {
  const now = new Uint8Array(address.readByteArray(MOST)!);
  let end = MOST;
  while (end > WORD && before[end - 1] === now[end - 1]) end--;
  return before.slice(0, end);
}

/** The jump last, and in one store: a thread that comes meanwhile takes it, or finds the function whole. */
function restore(code: NativePointer, bytes: Uint8Array): void {
  const word = uint64("0x" + [...bytes.slice(0, WORD)].reverse().map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  if (bytes.length > WORD) code.add(WORD).writeByteArray([...bytes.slice(WORD)]);
  code.writeU64(word);
}
