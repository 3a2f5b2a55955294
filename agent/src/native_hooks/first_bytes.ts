// The first bytes of functions that are hooked: they are put back some time before Frida takes the hooks away.
//
// Where a hook is taken away, Frida frees at once what its jump leads to. A thread that has taken the jump and is not counted
// yet would run in freed memory. So the jumps go first, and what they lead to when every thread has long left that place.
// Hooks that another script has set on the same functions since end with ours (ADR 0015).
import { needExport, QUIET } from "../native.js";

/**
 * More than Frida writes over: a far jump is 16 bytes long on arm64; on x86-64 it fills up with no-ops to the end of an
 * instruction (17 and 21 bytes were seen). How many it has written, a look at the code says at the end.
 */
const MOST = 32;
/** What even the last function of an image has. */
const LEAST = 16;
/** For this long a thread may be kept from running on a busy machine. */
const SETTLE_US = 150_000;

const usleep = new NativeFunction(needExport("usleep"), "int", ["uint"], QUIET);

interface Noted {
  readonly address: NativePointer;
  readonly bytes: ArrayBuffer;
}

const noted = new Map<string, Noted>();

/** Note the first bytes of a function that is about to be hooked. */
export function noteFirstBytes(address: NativePointer): void {
  const key = address.toString();
  if (noted.has(key)) return;
  for (const size of [MOST, LEAST]) {
    try {
      noted.set(key, { address, bytes: address.readByteArray(size)! });
      return;
    } catch {
      // The last function of an image may be shorter: it keeps its jump until Frida takes that away.
    }
  }
}

/** Return what a hook has written over: up to the last byte that is another one now, and to the next function that was noted. */
function overwritten({ address, bytes }: Noted, next: Noted | undefined): Noted {
  const room = next === undefined ? MOST : Math.min(MOST, Number(next.address.sub(address)));
  const before = new Uint8Array(bytes.slice(0, room));
  const after = new Uint8Array(address.readByteArray(before.length)!);
  let end = before.length;
  while (end > 0 && before[end - 1] === after[end - 1]) end--;
  return { address, bytes: bytes.slice(0, end) };
}

/** An image is unloaded: what comes to its place is not ours to write to. */
export function forgetFirstBytes({ base, size }: Module): void {
  const end = base.add(size);
  for (const [key, { address }] of noted) if (address.compare(base) >= 0 && address.compare(end) < 0) noted.delete(key);
}

/** Put the first bytes of all hooked functions back, and wait until no thread can still be on the way that it has left. */
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
      const last = functions[functions.length - 1]!.address.sub(ptr(page)).toUInt32();
      const wholes = functions.map((one, i) => overwritten(one, functions[i + 1]));
      Memory.patchCode(ptr(page), last + MOST, (code) => {
        for (const { address, bytes } of wholes) code.add(address.sub(ptr(page))).writeByteArray(bytes);
      });
    } catch {
      // Not there any more, with its image.
    }
  }
  then();
  if (pages.size > 0) usleep(SETTLE_US);
}
