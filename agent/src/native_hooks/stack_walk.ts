// A hook in C meets a call from the system's own code: the script walks the stack for it, which C cannot.
import { backtrace, siteOf } from "../callers.js";
import { LEAF } from "../native.js";

// In the order in which hooks_c.ts writes them.
const NAMES: Readonly<Record<string, readonly string[]>> = {
  x64: ["rip", "rsp", "rbp", "rbx", "r12", "r13", "r14", "r15"],
  arm64: ["pc", "sp", "fp", "lr", ...Array.from({ length: 10 }, (_, i) => `x${i + 19}`)],
};

/** Make what C calls with its registers: answers the return address of the first frame of the app, or null. */
export function walker(): { callback: NativeCallback<"pointer", ["pointer"]>; ready(registers: NativePointer): void } {
  const names = NAMES[Process.arch] ?? [];
  const saved = Memory.alloc(names.length * 8);
  let read: ((from: NativePointer, to: NativePointer) => void) | null = null;
  const callback = new NativeCallback(
    function (this: CallbackContext | InvocationContext, from: NativePointer): NativePointer {
      try {
        read!(from, saved);
        const context = this.context as unknown as Record<string, NativePointer>;
        names.forEach((name, i) => (context[name] = saved.add(i * 8).readPointer()));
        return backtrace(context as unknown as CpuContext).find((address) => !siteOf(address).foreign) ?? NULL;
      } catch {
        return NULL;
      }
    },
    "pointer",
    ["pointer"],
  );
  return {
    callback,
    ready(registers) {
      read = new NativeFunction(registers, "void", ["pointer", "pointer"], LEAF) as unknown as typeof read;
    },
  };
}
