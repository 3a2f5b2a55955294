// Set hooks where calls may come at once, once for each address, and return when they are in place.
import { plainCode } from "../code_pointers.js";
import { noteFirstBytes } from "../native_hooks/first_bytes.js";
import { needExport, QUIET } from "../native.js";

const WAIT_US = 50;
const MOST_WAITS = 400;
/** Where a call must not be missed, a busy machine is given a second. */
export const PATIENT = 20_000;

const usleep = new NativeFunction(needExport("usleep"), "int", ["uint"], QUIET);

/** Return whether a function begins with a jump out of all images: it is hooked, by this script or another one. */
function isRedirected(address: NativePointer): boolean {
  const target = jumpTarget(address);
  return target !== null && Process.findModuleByAddress(target) === null;
}

/** Return where a function's first instruction jumps to, or null. */
function jumpTarget(address: NativePointer): NativePointer | null {
  const first = address.readU32();
  if (Process.arch === "x64") {
    if ((first & 0xff) === 0xe9) return address.add(5).add(address.add(1).readS32());
    if ((first & 0xffff) === 0x25ff) return address.add(6).add(address.add(2).readS32()).readPointer();
    return null;
  }
  // b; ldr x16 or x17, and br. Source: Arm Architecture Reference Manual, C6.2.
  if (first >>> 26 === 0x05) return address.add(((first << 6) >> 6) * 4);
  return (first & 0xff00001e) >>> 0 === 0x58000010 ? plainCode(address.add((((first << 8) >> 13)) * 4).readPointer()) : null;
}

export class Attachments {
  private readonly listeners: InvocationListener[] = [];
  /** The first bytes at each address before its hook, until they have changed. */
  private readonly before = new Map<string, number | null>();
  private readonly failures = new Map<string, unknown>();

  /** Attach from inside a hook; throws where that fails, each time again. Returns false where the hook is not in place yet. */
  attach(address: NativePointer, callbacks: InvocationListenerCallbacks, data?: NativePointer, mostWaits = MOST_WAITS): boolean {
    const key = address.toString();
    if (this.failures.has(key)) throw this.failures.get(key);
    if (!this.before.has(key)) {
      // Noted first: while we wait, another thread may ask for the same address. Code that is hooked already will not change.
      this.before.set(key, isRedirected(address) ? null : Number(address.readU64()));
      try {
        this.listeners.push(Interceptor.attach(address, callbacks, data));
      } catch (problem) {
        this.before.delete(key);
        this.failures.set(key, problem);
        throw problem;
      }
      noteFirstBytes(address); // nothing is written before the flush
      Interceptor.flush();
    }
    return this.settle(key, address, mostWaits);
  }

  has(address: NativePointer): boolean {
    return this.before.has(address.toString());
  }

  stop(): void {
    for (const listener of this.listeners.splice(0)) listener.detach();
    this.before.clear();
    this.failures.clear();
  }

  /**
   * Other threads that wait for the script keep Frida from changing the code, flushed or not: let them run until it has
   * changed.
   */
  private settle(key: string, address: NativePointer, mostWaits: number): boolean {
    const before = this.before.get(key);
    if (before === null) return true;
    for (let waits = 0; Number(address.readU64()) === before && waits !== mostWaits; waits++) usleep(WAIT_US);
    this.before.set(key, null);
    return Number(address.readU64()) !== before;
  }
}
