// Where a call comes from, as a number: the hook collects addresses, and frames are made of them when events are sent.
//
// Frame pointers are followed inside the thread's own stack, in C: Apple's code has them everywhere. A stack
// that is known costs a look-up and takes no lock. Source: arm64 and x86-64 procedure call standards; pthread.h.
import { codeMask } from "./code_pointers.js";
import { frameOf } from "./images.js";
import { compile, findExport, LEAF } from "./native.js";
import type { Frame } from "./protocol.js";

export const MOST_STACKS = 2048;
export const DEEPEST = 24;
const SLOTS = 2 * MOST_STACKS;
const STACK_BYTES = 8 * (1 + DEEPEST);

const CODE = `
#include <gum/guminterceptor.h>
extern volatile guint table[];
extern gsize stacks[];
extern GMutex lock;
#ifdef DARWIN
extern gpointer pthread_self (void);
extern gpointer pthread_get_stackaddr_np (gpointer thread);
static gsize top (gsize low) { return (gsize) pthread_get_stackaddr_np (pthread_self ()); }
#else
extern gpointer pthread_self (void);
extern gpointer __libc_stack_end;
/* A thread's own block is at the upper end of its stack, except for the first thread. */
static gsize top (gsize low) {
  gsize self = (gsize) pthread_self ();
  return self > low && self - low < 1 << 26 ? self : (gsize) __libc_stack_end;
}
#endif
static guint find (const gsize * frames, guint n, guint hash, guint * slot) {
  guint i, tries, id;
  for (tries = 0; tries != ${SLOTS}; tries++) {
    *slot = 1 + ((hash + tries) & ${SLOTS - 1});
    if ((id = table[*slot]) == 0) return 0;
    const gsize * known = stacks + id * ${1 + DEEPEST};
    for (i = 0; known[0] == n && i != n && known[1 + i] == frames[i]; i++) ;
    if (i == n) return id;
  }
  return 0;
}
static guint keep (const gsize * frames, guint n, guint hash) {
  guint i, slot, id = find (frames, n, hash, &slot);
  if (id != 0 || table[0] == ${MOST_STACKS}) return id;
  g_mutex_lock (&lock);
  id = find (frames, n, hash, &slot);
  if (id == 0 && table[0] != ${MOST_STACKS}) {
    gsize * mine = stacks + (id = ++table[0]) * ${1 + DEEPEST};
    for (i = 0; i != n; i++) mine[1 + i] = frames[i];
    mine[0] = n;
    g_atomic_int_add ((volatile gint *) &table[slot], id); /* a thread that sees the number sees the stack */
  }
  g_mutex_unlock (&lock);
  return id;
}
/* The number of the stack of the innermost hooked call; 0 where the table is full. */
guint stack_here (void) {
  gsize frames[${DEEPEST}];
  guint n = 0, hash = 2166136261u;
  GumInvocationContext * ic = gum_interceptor_get_current_invocation ();
  if (ic == NULL) return 0;
  gsize low = (gsize) frames, high = top (low), at = ic->cpu_context->FP;
  gsize code = (gsize) RETURN_ADDRESS & MASK;
  for (;;) {
    frames[n++] = code;
    hash = (hash ^ (guint) code ^ (guint) (code >> 32)) * 16777619u;
    if (n == ${DEEPEST} || at <= low || at + 16 > high || (at & 7) != 0) break;
    gsize next = ((gsize *) at)[0] & MASK;
    code = ((gsize *) at)[1] & MASK;
    if (code < 4096 || next <= at) { if (code >= 4096) frames[n++] = code; break; }
    at = next;
  }
  return keep (frames, n, hash);
}
`;

const ARCHES: Readonly<Record<string, string>> = {
  // At a function's first instruction.
  arm64: "#define FP fp\n#define RETURN_ADDRESS ic->cpu_context->lr\n",
  x64: "#define FP rbp\n#define RETURN_ADDRESS *(gsize *) ic->cpu_context->rsp\n",
};

/** One table for each process: recordings that follow each other share their stacks. */
class Table {
  private readonly table = Memory.alloc(4 * (1 + SLOTS));
  private readonly stacks = Memory.alloc(STACK_BYTES * (1 + MOST_STACKS));
  private readonly lock = Memory.alloc(16); // zero is a lock that is free
  readonly address: NativePointer | null;
  readonly here: () => number;

  constructor() {
    this.address = this.build();
    this.here = this.address === null ? () => 0 : (new NativeFunction(this.address, "uint", [], LEAF) as never);
  }

  frames(id: number): NativePointer[] {
    const mine = this.stacks.add(id * STACK_BYTES);
    const count = Math.min(Number(mine.readU64()), DEEPEST);
    return Array.from({ length: count }, (_, i) => mine.add(8 * (1 + i)).readPointer());
  }

  private build(): NativePointer | null {
    const head = ARCHES[Process.arch];
    const names = Process.platform === "darwin" ? ["pthread_self", "pthread_get_stackaddr_np"] : ["pthread_self", "__libc_stack_end"];
    if (head === undefined) return null;
    const symbols: Record<string, NativePointer> = { table: this.table, stacks: this.stacks, lock: this.lock };
    for (const name of names) {
      const address = findExport(name);
      if (address === null) return null;
      symbols[name] = address;
    }
    try {
      return compile((names.includes("__libc_stack_end") ? "" : "#define DARWIN\n") + `${head}#define MASK ${codeMask()}ULL\n` + CODE, symbols)["stack_here"]!;
    } catch {
      return null; // no compiler in this process: no stacks
    }
  }
}

let table: Table | undefined;

/** Which stacks a recording has sent. */
export class Stacks {
  private readonly announced = new Uint8Array(1 + MOST_STACKS);
  private unsent: number[] = [];

  /** Return the C function `guint stack_here (void)` for compiled hooks, or null without a compiler. Call this outside of any hook first. */
  prepare(): NativePointer | null {
    table ??= new Table();
    return table.address;
  }

  /** Return the number of the stack of the hooked call that runs on this thread; null where the table is full. */
  here(): number | null {
    return table === undefined ? null : this.use(table.here());
  }

  /** Note that an event refers to a stack, as `stack_here` has numbered it. */
  use(id: number): number | null {
    if (id === 0) return null;
    if (this.announced[id] === 0) {
      this.announced[id] = 1;
      this.unsent.push(id);
    }
    return id;
  }

  /** Yield the stacks that events refer to for the first time. Not on the hot path. */
  *fresh(): Generator<{ id: number; frames: Frame[] }> {
    for (const id of this.unsent.splice(0)) yield { id, frames: table!.frames(id).map(frameOf) };
  }

  /** Called when all are forgotten. */
  onForget: () => void = () => undefined;

  /** Events were lost, stacks among them: send a stack again when an event refers to it again. */
  forget(): void {
    this.announced.fill(0);
    this.onForget();
  }
}
