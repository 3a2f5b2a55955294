// Functions that many threads call all the time: ours is put in their place (Interceptor.replaceFast), behind a gate of our own.
//
// A function of ours calls `gate_enter (slot)`, then what that returns, then `gate_leave ()`. At the end the functions get
// their own first bytes back, and only when no thread can be in what Frida made of them is that taken away. Frida frees it at
// once, and a thread that is just before it would run into freed memory (ADR 0015).
import { needExport, QUIET, sharedWords } from "../native.js";
import { addNumber, publish, PUBLISHING_C } from "../publishing.js";
import { noteFirstBytes } from "./first_bytes.js";

const SLOTS = 256;
const WORD = 8;
const WAIT_US = 1000;
const MOST_WAITS = 1000;
/** Set in the count of threads: one addition counts a thread and shows it whether the functions are whole again. */
const CLOSED = 1 << 30;

/** For parts in C that replace functions. */
export const GATE_C = `
${PUBLISHING_C}
extern volatile gint gate[];                /* how many threads are in functions of ours, and CLOSED */
extern gpointer volatile originals[];       /* by slot: what Frida made of the function's beginning */
extern gpointer volatile targets[];         /* by slot: the function */

/* What to call now; between gate_enter and gate_leave, where anything that takes time came first. */
static gpointer gate_original (gint slot, gint was) {
  gpointer original;
  if (was & ${CLOSED}) return LOAD (&targets[slot]);
  while ((original = LOAD (&originals[slot])) == NULL) g_thread_yield ();
  return original;
}

static gpointer gate_enter (gint slot) { return gate_original (slot, g_atomic_int_add (&gate[0], 1)); }

static void gate_leave (void) { g_atomic_int_add (&gate[0], -1); }
`;

const usleep = new NativeFunction(needExport("usleep"), "int", ["uint"], QUIET);

export class Replacements {
  private readonly gate = sharedWords(WORD);
  private readonly originals = sharedWords(SLOTS * WORD);
  private readonly targets = sharedWords(SLOTS * WORD);
  private readonly replaced: NativePointer[] = [];
  private readonly passing: number[] = [];
  private next = 0;
  private closed = false;
  readonly symbols: Readonly<Record<string, NativePointer>> = { gate: this.gate, originals: this.originals, targets: this.targets };

  /** Return the first of so many slots, which C is compiled with. */
  reserve(count: number): number {
    const first = this.next;
    if (first + count > SLOTS) throw new Error(`there are ${SLOTS} slots for replaced functions, and more are asked for`);
    this.next += count;
    return first;
  }

  /** Return where a slot's original is: what Frida made of the function's beginning, and the function itself once it is whole again. */
  original(slot: number): NativePointer {
    return this.originals.add(slot * WORD);
  }

  /** Put a function in the place of another one, with the next `Interceptor.flush`. Errors: Error where Frida cannot move the function's beginning. `passes`: it does not use the gate, and jumps on to the original. */
  put(slot: number, address: NativePointer, own: NativePointer, { passes = false } = {}): void {
    noteFirstBytes(address);
    this.originals.add(slot * WORD).writePointer(NULL);
    this.targets.add(slot * WORD).writePointer(address);
    this.setClosed(false);
    const original = Interceptor.replaceFast(address, own);
    // A jump of our own checks no signature.
    publish(this.originals.add(slot * WORD), passes ? original.strip() : original);
    this.replaced.push(address);
    if (passes) this.passing.push(slot);
  }

  /** The functions have their first bytes again: from now on they are called themselves. `leave` must follow, some time later. */
  close(): void {
    if (this.replaced.length !== 0) this.setClosed(true);
    for (const slot of this.passing.splice(0)) publish(this.originals.add(slot * WORD), this.targets.add(slot * WORD).readPointer());
  }

  /** Take everything back, and wait until no thread is in a function of ours; returns whether that is so. */
  leave(): boolean {
    for (const address of this.replaced.splice(0)) Interceptor.revert(address);
    Interceptor.flush();
    const inside = (): boolean => (this.gate.readS32() & (CLOSED - 1)) !== 0;
    for (let waits = 0; inside() && waits !== MOST_WAITS; waits++) usleep(WAIT_US);
    return !inside();
  }

  private setClosed(closed: boolean): void {
    if (closed === this.closed) return;
    this.closed = closed;
    addNumber(this.gate, closed ? CLOSED : -CLOSED);
  }
}

let replacements: Replacements | undefined;

/** Return the replaced functions of this process. */
export function openReplacements(): Replacements {
  return (replacements ??= new Replacements());
}
