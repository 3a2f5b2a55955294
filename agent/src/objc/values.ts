// From Foundation's objects to plain values. What is not of the expected class is null, never a guess.
import { ask, askBool, askCount, askInt, brief, tell } from "./messages.js";
import { checkedClassOf, className, imageOf, isKind, lookUpClass, superclassOf } from "./runtime.js";

/** Whether a pointer is an object of a class or of one that inherits from it. Nil is of none. */
export function isA(object: NativePointer, name: string): boolean {
  return kindOf(object, name) !== null;
}

const FOUNDATION = /\/(Core)?Foundation$|gnustep-base/;
const plain = new Map<string, boolean>();

/** Whether a class is Foundation's own, whose plain accessors run no code of anybody else. */
function isFoundations(cls: NativePointer): boolean {
  const key = cls.toString();
  let answer = plain.get(key);
  if (answer === undefined) {
    answer = FOUNDATION.test(imageOf(cls) ?? "");
    plain.set(key, answer);
  }
  return answer;
}

/** The class of an object of a kind, or null. */
function kindOf(object: NativePointer, name: string): NativePointer | null {
  if (object.isNull()) return null;
  try {
    const cls = checkedClassOf(object);
    return isKind(cls, name) ? cls : null;
  } catch {
    return null;
  }
}

export function toText(object: NativePointer): string | null {
  const cls = kindOf(object, "NSString");
  if (cls === null) return null;
  return (isFoundations(cls) ? brief.ask : ask)(object, "UTF8String").readUtf8String();
}

export function toByteCount(object: NativePointer): number | null {
  const cls = kindOf(object, "NSData");
  return cls === null ? null : Number((isFoundations(cls) ? brief.askCount : askCount)(object, "length"));
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
  if (key === null) return NULL;
  const cls = kindOf(dictionary, "NSDictionary");
  if (cls === null) return NULL;
  return (isFoundations(cls) ? brief.ask : ask)(dictionary, "objectForKey:", key);
}

export function toFlag(object: NativePointer): boolean {
  const cls = kindOf(object, "NSNumber");
  return cls !== null && (isFoundations(cls) ? brief.askBool : askBool)(object, "boolValue") !== 0;
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
