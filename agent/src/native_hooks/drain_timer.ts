// When to empty the ring: often while events come, never while there are none.
import type { Outbox } from "../outbox.js";
import type { FastPath } from "./fast_path.js";

const POLL_MS = 20;
const IDLE_POLLS = 50;

export class DrainTimer {
  private timer: ReturnType<typeof setInterval> | null = null;
  private idle = 0;
  private seen = 0;

  constructor(
    private readonly fastPath: FastPath,
    private readonly outbox: Outbox,
  ) {
    fastPath.onWake = () => this.wake();
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.fastPath.onWake = () => undefined;
  }

  private wake(): void {
    this.idle = 0;
    this.timer ??= setInterval(() => this.poll(), POLL_MS);
  }

  private poll(): void {
    const next = this.outbox.flush();
    this.idle = next === this.seen ? this.idle + 1 : 0;
    this.seen = next;
    if (this.idle < IDLE_POLLS) return;
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    // An event that came before it slept did not call onWake.
    if (this.fastPath.sleep()) this.wake();
  }
}
