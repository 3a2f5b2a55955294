// Messages to plain Foundation objects, with all hooks silent: never to Photos.
//
// Other threads can run meanwhile, which costs microseconds. The plain accessors of Foundation's own classes never wait, so
// a message to them goes out at once: `immediate`.
import { GUARDED, needExport, QUIET, SEEN } from "../native.js";
import { available, selector } from "./runtime.js";

type Send<R> = (object: NativePointer, name: string, ...values: NativePointerValue[]) => R;

function sender(result: NativeFunctionReturnType, extra: number, options: NativeFunctionOptions): (...values: never[]) => unknown {
  if (!available) throw new Error("this process has no Objective-C runtime");
  const types = ["pointer", "pointer", ...Array<"pointer">(extra).fill("pointer")] as ["pointer", "pointer"];
  return new NativeFunction(needExport("objc_msgSend", "libobjc.A.dylib"), result, types, options) as never;
}

function family<R>(result: NativeFunctionReturnType, options = QUIET): Send<R> {
  const byCount: ((...values: unknown[]) => R)[] = [];
  return (object, name, ...values) => {
    byCount[values.length] ??= sender(result, values.length, options) as never;
    return byCount[values.length]!(object, selector(name), ...values);
  };
}

/** Send a message that returns an object. */
export const ask: Send<NativePointer> = family("pointer");
/** Send a message that returns an unsigned integer. */
export const askCount: Send<UInt64> = family("size_t");
/** Send a message that returns a signed integer. */
export const askInt: Send<Int64> = family("ssize_t");
/** Send a message that returns a BOOL. */
export const askBool: Send<number> = family("bool");
/** Send a message that returns nothing. */
export const perform: Send<void> = family("void");

/** As an app sends them: hooks see these. For tools/act.ts, which acts in the app's place; never for the agent. */
export const seen = {
  ask: family<NativePointer>("pointer", SEEN),
  askInt: family<Int64>("ssize_t", SEEN),
  perform: family<void>("void", SEEN),
};

export const immediate = {
  ask: family<NativePointer>("pointer", GUARDED),
  askCount: family<UInt64>("size_t", GUARDED),
  /** For integers of any width whose value is small: several times faster than a 64-bit one. */
  askSmall: family<number>("int", GUARDED),
  askBool: family<number>("bool", GUARDED),
};
