// Messages to plain Foundation objects, with all hooks silent: never to Photos.
import { QUIET, needExport } from "../native.js";
import { available, selector } from "./runtime.js";

type Send<R> = (object: NativePointer, name: string, ...values: NativePointerValue[]) => R;

function sender(result: NativeFunctionReturnType, extra: number): (...values: never[]) => unknown {
  if (!available) throw new Error("there is no Objective-C here");
  const types = ["pointer", "pointer", ...Array<"pointer">(extra).fill("pointer")] as ["pointer", "pointer"];
  return new NativeFunction(needExport("objc_msgSend", "libobjc.A.dylib"), result, types, QUIET) as never;
}

function family<R>(result: NativeFunctionReturnType): Send<R> {
  const byCount: ((...values: unknown[]) => R)[] = [];
  return (object, name, ...values) => {
    byCount[values.length] ??= sender(result, values.length) as never;
    return byCount[values.length]!(object, selector(name), ...values);
  };
}

/** Send a message that answers an object. */
export const ask: Send<NativePointer> = family("pointer");
/** Send a message that answers an unsigned integer. */
export const askCount: Send<UInt64> = family("size_t");
/** Send a message that answers a signed integer. */
export const askInt: Send<Int64> = family("ssize_t");
/** Send a message that answers a BOOL. */
export const askBool: Send<number> = family("bool");
/** Send a message that answers nothing. */
export const tell: Send<void> = family("void");
