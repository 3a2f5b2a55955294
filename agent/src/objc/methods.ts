// Which code a class runs for a selector. Asks for no forwarding, sends no message.
//
// Classes have hundreds of methods, so they are searched in C. Where that cannot be compiled, a pass over many methods of few
// classes reads each class once.
import { basic } from "../basics.js";
import { plainCode } from "../code_pointers.js";
import { type OwnMethods, ownMethods, superclassOf } from "./runtime.js";

export interface Method {
  readonly address: NativePointer;
  readonly types: string;
  /** The class whose own method it is. */
  readonly owner: NativePointer;
  /** Other methods of that class have the same code. */
  readonly shared: boolean;
}

type Find = (cls: NativePointer, name: NativePointer, inherited: number, out: NativePointer) => number;

/** The runtime may make a thread wait that reads its lists: others use the script meanwhile. */
const WAITING: NativeFunctionOptions = { exceptions: "propagate" };
let find: Find | null | undefined;

/** What a pass has read: methods by class. */
let read: Map<string, OwnMethods> | null = null;

/** Return what `work` returns. It must not run code of the app: methods that change meanwhile are not seen. */
export function readingOnce<T>(work: () => T): T {
  read ??= new Map();
  try {
    return work();
  } finally {
    read = null;
  }
}

/** Find the implementation that instances of `cls` run for a selector. `own`: not an inherited one. */
export function findMethod(cls: NativePointer, name: string, { own = false } = {}): Method | null {
  find ??= basic<Find>("find_method", "uint", ["pointer", "pointer", "uint", "pointer"], WAITING);
  if (find === null) return search(cls, name, own);
  const out = Memory.alloc(3 * 8);
  const same = find(cls, Memory.allocUtf8String(name), Number(!own), out);
  if (same === 0) return null;
  const [code, types, owner] = [0, 8, 16].map((at) => out.add(at).readPointer()) as [NativePointer, NativePointer, NativePointer];
  return { address: plainCode(code), types: types.readUtf8String() ?? "", owner, shared: same > 1 };
}

function search(cls: NativePointer, name: string, own: boolean): Method | null {
  for (let at: NativePointer | null = cls; at !== null; at = own ? null : superclassOf(at)) {
    const methods = methodsOf(at);
    const found = methods.get(name);
    if (found === undefined) continue;
    const same = [...methods.values()].filter(({ address }) => address.equals(found.address));
    return { ...found, owner: at, shared: same.length > 1 };
  }
  return null;
}

function methodsOf(cls: NativePointer): OwnMethods {
  const key = cls.toString();
  const methods = read?.get(key) ?? ownMethods(cls);
  read?.set(key, methods);
  return methods;
}
