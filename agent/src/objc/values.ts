// From Foundation's objects to plain values. What is not of the expected class is null, never a guess.
import { ask, askBool, askCount, askInt, tell } from "./messages.js";
import { checkedClassOf, className, isKind, lookUpClass, superclassOf } from "./runtime.js";

/** Whether a pointer is an object of a class or of one that inherits from it. Nil is of none. */
export function isA(object: NativePointer, name: string): boolean {
  if (object.isNull()) return false;
  try {
    return isKind(checkedClassOf(object), name);
  } catch {
    return false;
  }
}

export function toText(object: NativePointer): string | null {
  if (!isA(object, "NSString")) return null;
  return ask(object, "UTF8String").readUtf8String();
}

export function toByteCount(object: NativePointer): number | null {
  return isA(object, "NSData") ? Number(askCount(object, "length")) : null;
}

/** Domain and code: the words of a description can name what is the person's. */
export function toErrorText(object: NativePointer): string | null {
  if (object.isNull()) return null;
  if (!isA(object, "NSError")) return "an error of an unknown class";
  return `${toText(ask(object, "domain")) ?? "?"} ${askInt(object, "code")}`;
}

/** As Apple's report writes it: upper case. */
export function toUuid(object: NativePointer): string | null {
  if (!isA(object, "NSUUID")) return null;
  return toText(ask(object, "UUIDString"))?.toUpperCase() ?? null;
}

export function lookUp(dictionary: NativePointer, key: NativePointer | null): NativePointer {
  if (key === null || !isA(dictionary, "NSDictionary")) return NULL;
  return ask(dictionary, "objectForKey:", key);
}

export function toFlag(object: NativePointer): boolean {
  return isA(object, "NSNumber") && askBool(object, "boolValue") !== 0;
}

export function text(value: string): NativePointer {
  return ask(needClass("NSString"), "stringWithUTF8String:", Memory.allocUtf8String(value));
}

export function needClass(name: string): NativePointer {
  const cls = lookUpClass(name);
  if (cls === null) throw new Error(`this process has no class ${name}`);
  return cls;
}

/** Do something inside an autorelease pool: an agent's own threads have none. */
export function pooled<T>(work: () => T): T {
  const pool = ask(ask(needClass("NSAutoreleasePool"), "alloc"), "init");
  try {
    return work();
  } finally {
    tell(pool, "release");
  }
}

/** The name of an object's class, as the app wrote it: observing a key path puts another one in front. */
export function plainClass(object: NativePointer): NativePointer {
  let cls = checkedClassOf(object);
  if (className(cls).startsWith("NSKVONotifying_")) cls = superclassOf(cls) ?? cls;
  return cls;
}
