// Put hooks where calls may already be on their way, once for each address, and return when they are in place.
import { QUIET, needExport } from "../native.js";

const WAIT_US = 50;
const MOST_WAITS = 400;

const usleep = new NativeFunction(needExport("usleep"), "int", ["uint"], QUIET);

export class Attachments {
  private readonly listeners: InvocationListener[] = [];
  /** What stood at the address before, as long as it may still stand there. */
  private readonly before = new Map<string, number | null>();

  /** Attach from inside a hook; throws where it cannot be done. */
  attach(address: NativePointer, callbacks: ScriptInvocationListenerCallbacks): void {
    const key = address.toString();
    if (!this.before.has(key)) {
      // Noted first: while we wait, another thread may come for the same address.
      this.before.set(key, Number(address.readU64()));
      this.listeners.push(Interceptor.attach(address, callbacks));
      Interceptor.flush();
    }
    this.settle(key, address);
  }

  has(address: NativePointer): boolean {
    return this.before.has(address.toString());
  }

  stop(): void {
    for (const listener of this.listeners.splice(0)) listener.detach();
    this.before.clear();
  }

  /**
   * Other threads that wait for the script keep Frida's changes from being made, flushed or not: let them go on until
   * the code has changed.
   */
  private settle(key: string, address: NativePointer): void {
    const before = this.before.get(key);
    if (before === null) return;
    for (let waits = 0; Number(address.readU64()) === before && waits !== MOST_WAITS; waits++) usleep(WAIT_US);
    this.before.set(key, null);
  }
}
