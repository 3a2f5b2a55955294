// The hooked calls on the threads' stacks, in memory that both lanes share: a hook in C sees the calls of one in JavaScript.
import type { Frame, Nested } from "../nesting.js";
import { FRAME, FRAMES, OWNERS, THREAD, THREAD_BYTES, THREADS } from "./layout.js";

const HIGH = 2 ** 32;
const MANY = 4096;

interface Marked extends Frame {
  /** Its index on its thread's stack, and its number there. */
  place?: number;
  mark?: number;
}

export class SharedNesting implements Nested {
  private readonly words: Uint32Array;
  private readonly places = new Map<number, number>(); // thread -> first word
  private readonly frames = new Map<number, Marked[]>(); // by thread, JavaScript's own
  private marks = 0;

  constructor(
    memory: NativePointer,
    /** Return the index of the calling thread; negative where there are too many threads. */
    private readonly here: (tid: number) => number,
  ) {
    this.words = new Uint32Array(ArrayBuffer.wrap(memory, THREADS * THREAD_BYTES));
  }

  get calls(): number {
    let count = 0;
    for (let i = 0; i !== THREADS; i++) count += this.words[(i * THREAD_BYTES + THREAD.depth) / 4]!;
    return count;
  }

  top(tid: number): Frame | null {
    const thread = this.place(tid);
    if (thread < 0) return null;
    const depth = this.words[thread + THREAD.depth / 4]!;
    if (depth === 0) return null;
    const at = this.frameAt(thread, depth - 1);
    const mark = this.words[at + FRAME.mark / 4]!;
    const own = mark === 0 ? undefined : this.frames.get(tid)?.[depth - 1];
    if (own?.mark === mark) return own;
    return { owner: OWNERS[this.words[at + FRAME.owner / 4]!]! };
  }

  push(tid: number, frame: Marked): void {
    const thread = this.place(tid);
    if (thread < 0) return;
    const depth = this.words[thread + THREAD.depth / 4]!;
    if (depth === FRAMES) return;
    this.marks = (this.marks % (HIGH - 1)) + 1;
    frame.mark = this.marks;
    frame.place = depth;
    const at = this.frameAt(thread, depth);
    this.words[at + FRAME.sp / 4] = this.words[at + FRAME.sp / 4 + 1] = 0;
    this.words[at + FRAME.owner / 4] = frame.owner === "app" ? 1 : 0;
    this.words[at + FRAME.mark / 4] = frame.mark;
    let own = this.frames.get(tid);
    if (own === undefined) this.frames.set(tid, (own = []));
    own[depth] = frame;
    this.words[thread + THREAD.depth / 4] = depth + 1;
  }

  pop(tid: number, frame: Marked): void {
    const thread = this.place(tid);
    if (thread < 0 || frame.place === undefined) return;
    const at = this.frameAt(thread, frame.place);
    const depth = this.words[thread + THREAD.depth / 4]!;
    if (depth > frame.place && this.words[at + FRAME.mark / 4] === frame.mark) this.words[thread + THREAD.depth / 4] = frame.place;
  }

  clear(): void {
    this.frames.clear();
    this.places.clear();
    for (let i = 0; i !== THREADS; i++) this.words[(i * THREAD_BYTES + THREAD.depth) / 4] = 0;
  }

  private frameAt(thread: number, index: number): number {
    return thread + (THREAD.frames + index * FRAME.bytes) / 4;
  }

  /** Return where the words of the calling thread begin; negative without any. */
  private place(tid: number): number {
    const known = this.places.get(tid);
    if (known !== undefined && this.words[known + THREAD.tid / 4] === tid) return known;
    const index = this.here(tid);
    if (index < 0) return -1;
    const place = (index * THREAD_BYTES) / 4;
    if (this.places.size > MANY) this.places.clear();
    this.places.set(tid, place);
    return place;
  }
}
