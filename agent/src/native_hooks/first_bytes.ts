// The first bytes of functions that are hooked: they are put back some time before Frida takes the hooks away.
//
// Where a hook is taken away, Frida frees at once what its jump leads to. A thread that has taken the jump and is not counted
// yet would run in freed memory. So the jumps go first, and what they lead to when every thread has long left that place.
// Hooks that another script has set on the same functions since end with ours (ADR 0015).
import { needExport, QUIET } from "../native.js";

/** More than Frida writes over: a far jump is 16 bytes long on arm64, and shorter on x86-64. */
const BYTES = 16;
/** For this long a thread may be kept from running on a busy machine. */
const SETTLE_US = 150_000;

const usleep = new NativeFunction(needExport("usleep"), "int", ["uint"], QUIET);
const noted = new Map<string, { address: NativePointer; bytes: ArrayBuffer }>();

/** Note the first bytes of a function that is about to be hooked. */
export function noteFirstBytes(address: NativePointer): void {
  const key = address.toString();
  if (noted.has(key)) return;
  try {
    noted.set(key, { address, bytes: address.readByteArray(BYTES)! });
  } catch {
    // The last function of an image may be shorter: it keeps its jump until Frida takes that away.
  }
}

/** An image is unloaded: what comes to its place is not ours to write to. */
export function forgetFirstBytes({ base, size }: Module): void {
  const end = base.add(size);
  for (const [key, { address }] of noted) if (address.compare(base) >= 0 && address.compare(end) < 0) noted.delete(key);
}

/** Put the first bytes of all hooked functions back, and wait until no thread can still be on the way that it has left. */
export function restoreFirstBytes(then: () => void): void {
  const pages = new Map<string, { address: NativePointer; bytes: ArrayBuffer }[]>();
  // From low to high: what was noted of a short function may contain the jump of the next one.
  for (const one of [...noted.values()].sort((left, right) => left.address.compare(right.address))) {
    const page = one.address.and(ptr(Process.pageSize - 1).not()).toString();
    const there = pages.get(page);
    if (there === undefined) pages.set(page, [one]);
    else there.push(one);
  }
  noted.clear();
  for (const [page, functions] of pages) {
    const last = functions.reduce((most, { address }) => Math.max(most, Number(address.sub(ptr(page)))), 0);
    try {
      Memory.patchCode(ptr(page), last + BYTES, (code) => {
        for (const { address, bytes } of functions) code.add(address.sub(ptr(page))).writeByteArray(bytes);
      });
    } catch {
      // Not there any more, with its image.
    }
  }
  then();
  if (pages.size > 0) usleep(SETTLE_US);
}
