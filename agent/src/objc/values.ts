// From Foundation's objects to plain values. An object of an unexpected class gives null, never a guess.
import { isSystemImage } from "../images.js";
import { ask, askBool, askCount, askInt, immediate, perform } from "./messages.js";
import { checkedClassOf, className, imageOf, isKind, lookUpClass, superclassOf } from "./runtime.js";

/** Return whether a pointer is an object of a class or of one that inherits from it. Nil never is. */
export function isA(object: NativePointer, name: string): boolean {
  return kindOf(object, name) !== null;
}

const FOUNDATION = /\/(Core)?Foundation$|gnustep-base/;
const homes = new Map<string, "foundation" | "system" | "app">();

/** Whose class it is: Foundation's accessors run only Foundation's code, an app's own subclass runs the app's. */
function homeOf(cls: NativePointer): "foundation" | "system" | "app" {
  const key = cls.toString();
  let home = homes.get(key);
  if (home === undefined) {
    const image = imageOf(cls) ?? "";
    home = FOUNDATION.test(image) ? "foundation" : isSystemImage(image) ? "system" : "app";
    homes.set(key, home);
  }
  return home;
}

/** Return whether objects of a class are of a kind, and messages to them run none of the app's code. */
export function isAskable(cls: NativePointer, name: string): boolean {
  return isKind(cls, name) && homeOf(cls) !== "app";
}

/** How to send a message to an object of a kind; null for another kind, and for a class of the app's own, which is left alone. */
function asking(object: NativePointer, name: string): { immediate: boolean } | null {
  const cls = kindOf(object, name);
  if (cls === null) return null;
  const home = homeOf(cls);
  return home === "app" ? null : { immediate: home === "foundation" };
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
  const way = asking(object, "NSString");
  return way === null ? null : (way.immediate ? immediate.ask : ask)(object, "UTF8String").readUtf8String();
}

export function toByteCount(object: NativePointer): number | null {
  const way = asking(object, "NSData");
  return way === null ? null : Number((way.immediate ? immediate.askCount : askCount)(object, "length"));
}

export function toCount(object: NativePointer): number | null {
  const way = asking(object, "NSArray");
  return way === null ? null : Number((way.immediate ? immediate.askCount : askCount)(object, "count"));
}

/** Return domain and code. A description can contain personal data. */
export function toErrorText(object: NativePointer): string | null {
  if (object.isNull()) return null;
  if (!isA(object, "NSError")) return "an error of an unknown class";
  return `${toText(ask(object, "domain")) ?? "?"} ${askInt(object, "code")}`;
}

/** Return a UUID in upper case, as Apple's report writes it. */
export function toUuid(object: NativePointer): string | null {
  if (!isA(object, "NSUUID")) return null;
  return toText(ask(object, "UUIDString"))?.toUpperCase() ?? null;
}

export function lookUp(dictionary: NativePointer, key: NativePointer | null): NativePointer {
  if (key === null) return NULL;
  const way = asking(dictionary, "NSDictionary");
  return way === null ? NULL : (way.immediate ? immediate.ask : ask)(dictionary, "objectForKey:", key);
}

export function toFlag(object: NativePointer): boolean {
  const way = asking(object, "NSNumber");
  return way !== null && (way.immediate ? immediate.askBool : askBool)(object, "boolValue") !== 0;
}

export function text(value: string): NativePointer {
  return ask(needClass("NSString"), "stringWithUTF8String:", Memory.allocUtf8String(value));
}

export function needClass(name: string): NativePointer {
  const cls = lookUpClass(name);
  if (cls === null) throw new Error(`this process has no class ${name}`);
  return cls;
}

/** Do something inside an autorelease pool, which an agent's own threads do not have. `messages`: how the pool is made and emptied. */
export function pooled<T>(work: () => T, messages: { ask: typeof ask; perform: typeof perform } = { ask, perform }): T {
  const pool = messages.ask(messages.ask(needClass("NSAutoreleasePool"), "alloc"), "init");
  try {
    return work();
  } finally {
    messages.perform(pool, "release");
  }
}

/** Return an object's class as the app wrote it: observing a key path puts a subclass in front. */
export function plainClass(object: NativePointer): NativePointer {
  let cls = checkedClassOf(object);
  if (className(cls).startsWith("NSKVONotifying_")) cls = superclassOf(cls) ?? cls;
  return cls;
}
