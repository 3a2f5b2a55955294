// A number that only the main thread may ask an object for.
//
// Foundation carries the question and keeps the answer: nothing of ours waits in the main thread's queue, where an app
// that does not come round to it would keep the script from being unloaded.
import { ask, tell } from "./messages.js";
import { classOf, lookUpClass, selector } from "./runtime.js";
import { pooled } from "./values.js";

/** No state, count or flag is this. */
const UNANSWERED = -0x7ead;

export class MainThreadQuery {
  private invocation: NativePointer | null = null;
  private readonly value = Memory.alloc(8);

  /** Ask a message without arguments that answers an integer of 64 bits. The object must live as long as the process. */
  constructor(object: NativePointer, name: string) {
    pooled(() => {
      const signature = ask(classOf(object), "instanceMethodSignatureForSelector:", selector(name));
      if (signature.isNull()) return;
      const invocation = ask(ask(lookUpClass("NSInvocation")!, "invocationWithMethodSignature:", signature), "retain");
      tell(invocation, "setTarget:", object);
      tell(invocation, "setSelector:", selector(name));
      tell(invocation, "setReturnValue:", this.value.writeS64(UNANSWERED));
      tell(invocation, "performSelectorOnMainThread:withObject:waitUntilDone:", selector("invoke"), NULL, NULL);
      this.invocation = invocation;
    });
  }

  /** The answer, or null as long as there is none. */
  answer(): number | null {
    if (this.invocation === null) return null;
    tell(this.invocation, "getReturnValue:", this.value);
    const answer = Number(this.value.readS64());
    return answer === UNANSWERED ? null : answer;
  }

  letGo(): void {
    const { invocation } = this;
    this.invocation = null;
    if (invocation !== null) pooled(() => tell(invocation, "release"));
  }
}
