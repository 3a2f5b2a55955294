// A number that only the main thread may ask an object for.
//
// Foundation keeps the message and its answer. No code of ours waits in the main thread's queue: where the app never gets
// to it, that would keep the script from being unloaded.
import { ask, perform } from "./messages.js";
import { classOf, lookUpClass, selector } from "./runtime.js";
import { pooled } from "./values.js";

/** A value that no state, count or flag has. */
const UNANSWERED = -0x7ead;

export class MainThreadQuery {
  private invocation: NativePointer | null = null;
  private readonly value = Memory.alloc(8);

  /** Send a message without arguments that returns a 64-bit integer. The object must live as long as the process. */
  constructor(object: NativePointer, name: string) {
    pooled(() => {
      const signature = ask(classOf(object), "instanceMethodSignatureForSelector:", selector(name));
      if (signature.isNull()) return;
      const invocation = ask(ask(lookUpClass("NSInvocation")!, "invocationWithMethodSignature:", signature), "retain");
      perform(invocation, "setTarget:", object);
      perform(invocation, "setSelector:", selector(name));
      perform(invocation, "setReturnValue:", this.value.writeS64(UNANSWERED));
      perform(invocation, "performSelectorOnMainThread:withObject:waitUntilDone:", selector("invoke"), NULL, NULL);
      this.invocation = invocation;
    });
  }

  /** Return the answer, or null before it has come. */
  answer(): number | null {
    if (this.invocation === null) return null;
    perform(this.invocation, "getReturnValue:", this.value);
    const answer = Number(this.value.readS64());
    return answer === UNANSWERED ? null : answer;
  }

  letGo(): void {
    const { invocation } = this;
    this.invocation = null;
    if (invocation !== null) pooled(() => perform(invocation, "release"));
  }
}
