// Because of which event a thread acts: the one home of `cause`. Here what is asked, and the answer without a compiler. Pure.

/** An origin is an event whose handling can start acts. It is in force on a thread from `enter` to `leave`; the innermost one counts. */
export interface Origins {
  /** The event with this number is handled on this thread from now on; returns what `leave` takes. Called in a hook, on that thread. */
  enter(tid: number, number: number): number;
  /** It has been handled, and every inner one too. Called on the thread that has entered it. */
  leave(tid: number, place: number): void;
  /** Return the number of the event because of which this thread acts; null for none. */
  here(tid: number): number | null;
  /** Return the number of the event with whose value the older task that acts here went on; null for none. No cause. */
  resumedBy(): number | null;
  /** Forget all that are in force. */
  clear(): void;
}

/** Without a compiler: what runs on the callback's own thread. */
export class ThreadOrigins implements Origins {
  private readonly threads = new Map<number, number[]>();

  enter(tid: number, number: number): number {
    const numbers = this.threads.get(tid);
    if (numbers !== undefined) return numbers.push(number) - 1;
    this.threads.set(tid, [number]);
    return 0;
  }

  leave(tid: number, place: number): void {
    const numbers = this.threads.get(tid);
    if (numbers === undefined) return;
    if (numbers.length > place) numbers.length = place;
    if (numbers.length === 0) this.threads.delete(tid);
  }

  here(tid: number): number | null {
    const numbers = this.threads.get(tid);
    return numbers === undefined ? null : numbers[numbers.length - 1] || null;
  }

  resumedBy(): null {
    return null;
  }

  clear(): void {
    this.threads.clear();
  }
}
