// A number that only the main thread may ask an object for.
//
// Foundation keeps the message and its answer. No code of ours waits in the main thread's queue: where the app never gets
// to it, that would keep the script from being unloaded. An invocation that runs must not be asked for its value: that is undefined, and GNUstep
// raises an exception, which ends the app. So the main thread does a second thing after it: it puts the invocation into an array.
// Source: NSThread.h, performSelectorOnMainThread:withObject:waitUntilDone: (messages are sent in the order in which they were given).
import { ask, immediate, perform } from "./messages.js";
import { classOf, lookUpClass, selector } from "./runtime.js";
import { pooled } from "./values.js";

const LATER = "performSelectorOnMainThread:withObject:waitUntilDone:";

export class MainThreadQuery {
  private invocation: NativePointer | null = null;
  private done = NULL;
  private readonly value = Memory.alloc(8);

  /** Send a message without arguments that returns a 64-bit integer. The object must live as long as the process. */
  constructor(object: NativePointer, name: string) {
    pooled(() => {
      const signature = ask(classOf(object), "instanceMethodSignatureForSelector:", selector(name));
      if (signature.isNull()) return;
      const invocation = ask(ask(lookUpClass("NSInvocation")!, "invocationWithMethodSignature:", signature), "retain");
      perform(invocation, "setTarget:", object);
      perform(invocation, "setSelector:", selector(name));
      this.done = ask(lookUpClass("NSMutableArray")!, "new");
      perform(invocation, LATER, selector("invoke"), NULL, NULL);
      perform(this.done, LATER, selector("addObject:"), invocation, NULL);
      this.invocation = invocation;
    });
  }

  /** Return the answer, or null before it has come. */
  answer(): number | null {
    if (this.invocation === null || Number(immediate.askCount(this.done, "count")) === 0) return null;
    perform(this.invocation, "getReturnValue:", this.value);
    return Number(this.value.readS64());
  }

  letGo(): void {
    const { invocation } = this;
    this.invocation = null;
    if (invocation === null) return;
    pooled(() => {
      perform(this.done, "release");
      perform(invocation, "release");
    });
  }
}
