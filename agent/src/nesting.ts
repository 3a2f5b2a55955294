// Whose code runs on a thread right now: the app's, or a framework's inside a call that the app has made. Pure.

export interface Frame {
  /** Whose code runs inside this call: a framework's method, or a block or callback of the app. */
  readonly owner: "framework" | "app";
  /** For a callback: its selector, object and argument. */
  subject?: string;
}

/** The hooked calls on the stacks of the threads. */
export interface Nested {
  /** How many hooked calls are on stacks now. */
  readonly calls: number;
  top(tid: number): Frame | null;
  push(tid: number, frame: Frame): void;
  pop(tid: number, frame: Frame): void;
  clear(): void;
}

const MANY_THREADS = 256;

/** The hooked calls that are on the stack, by thread. */
export class Nesting implements Nested {
  private readonly threads = new Map<number, Frame[]>();

  get calls(): number {
    let count = 0;
    for (const frames of this.threads.values()) count += frames.length;
    return count;
  }

  /** Return the innermost hooked call of a thread, or null. */
  top(tid: number): Frame | null {
    const frames = this.threads.get(tid);
    return frames === undefined || frames.length === 0 ? null : frames[frames.length - 1]!;
  }

  push(tid: number, frame: Frame): void {
    const frames = this.threads.get(tid);
    if (frames !== undefined) frames.push(frame);
    else {
      if (this.threads.size >= MANY_THREADS) this.sweep();
      this.threads.set(tid, [frame]);
    }
  }

  /** Leave a call, and every inner one that an exception has left unnoticed. */
  pop(tid: number, frame: Frame): void {
    const frames = this.threads.get(tid);
    if (frames === undefined) return;
    const place = frames.lastIndexOf(frame);
    if (place >= 0) frames.length = place;
  }

  clear(): void {
    this.threads.clear();
  }

  private sweep(): void {
    for (const [tid, frames] of this.threads) if (frames.length === 0) this.threads.delete(tid);
  }
}
