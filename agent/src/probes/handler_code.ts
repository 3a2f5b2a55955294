// Hook the code of handlers: in place, or, where it is too short, in a block of ours that calls it.
import { type OwnBlock, letGo } from "../objc/blocks.js";
import { forwardingBlock } from "../objc/forwarding_blocks.js";
import type { At } from "../protocol.js";
import type { Recording } from "../recording.js";
import { Attachments } from "./attach.js";

export class HandlerCode {
  private readonly attachments = new Attachments();

  constructor(
    private readonly recording: Recording,
    private readonly listener: InvocationListenerCallbacks,
  ) {}

  /** Return a hooked block to pass on in place of a copy; null where there can be none: the copy is released then. */
  hook(own: OwnBlock): OwnBlock | null {
    if (this.attach(own.invoke) === null) return own;
    const around = forwardingBlock(own.block);
    letGo(own);
    const problem = around === null ? "it is too short, and this process cannot have code of ours" : this.attach(around.invoke);
    if (problem === null) return around;
    if (around !== null) letGo(around);
    this.recording.fault("a handler cannot be hooked", problem);
    return null;
  }

  stop(): void {
    this.attachments.stop();
  }

  /** Hook code; returns the problem where that fails. */
  private attach(invoke: NativePointer): unknown {
    try {
      this.attachments.attach(invoke, this.listener);
      return null;
    } catch (problem) {
      return problem;
    }
  }
}

/** Say that what a call hands to the app is not known. */
export function emitUnwatched(recording: Recording, at: At, tid: number, of: number): void {
  const reason = "the handler cannot be hooked: whether and what it was given is not known";
  recording.emit({ kind: "delivery", at, tid, of, bytes: null, degraded: false, error: null, reason });
}
