// Where each version of iOS keeps the observers of the library. No table is guessed: one that is not found as it is described here is not read.
import { findMethod } from "../objc/methods.js";
import { checkedClassOf, ivarsOf, lookUpClass } from "../objc/runtime.js";
import { isA } from "../objc/values.js";
import type { ObserverType } from "../protocol.js";

export interface ObserverTable {
  /** The first iOS that has it. */
  readonly since: string;
  /** Ivars, from the library on. */
  readonly path: readonly string[];
}

const table = (since: string, ...path: string[]): ObserverTable => ({ since, path });
const REGISTRAR = "_changeObserverRegistrar";

/** Newest first. Source: runtime dumps of iOS 12.0, 15.0 and 17.0.3; public symbol diffs of 17.3.1 to 27.0. */
const TABLES: Readonly<Record<ObserverType, readonly ObserverTable[]>> = {
  change: [
    table("26", REGISTRAR, "_lock_externalChangeObservers"),
    table("17.4", "_observerRegistrar", "_lock_externalChangeObservers"),
    table("17.0", "_externalChangeObservers"),
    table("15", "_externalObservers"),
  ],
  availability: [table("13", "_availabilityObservers")],
  "persistent-changes": [table("27", REGISTRAR, "_lock_persistentChangesObservers")],
};

const REGISTER: Readonly<Record<ObserverType, string>> = {
  change: "registerChangeObserver:",
  availability: "registerAvailabilityObserver:",
  "persistent-changes": "registerPersistentChangesObserver:",
};

export const OBSERVER_TYPES = Object.keys(TABLES) as readonly ObserverType[];

/** Return whether this version of the library has observers of a type. */
export function hasType(type: ObserverType): boolean {
  const cls = lookUpClass("PHPhotoLibrary");
  return cls !== null && findMethod(cls, REGISTER[type]) !== null;
}

/** Return the table of a type as the classes of this process have it, without an object; null where none is known. */
export function describedTable(type: ObserverType): ObserverTable | null {
  return TABLES[type].find(({ path }) => {
    let cls = lookUpClass("PHPhotoLibrary");
    for (const name of path) {
      const types: string | undefined = cls === null ? undefined : typesOfObject(cls, name);
      if (types === undefined) return false;
      cls = lookUpClass(types.slice(2, -1)); // @"Class"
    }
    return true;
  }) ?? null;
}

/** Return the table of a type in a library, an NSHashTable; null where it is not known, or is not what it should be. */
export function readTable(library: NativePointer, type: ObserverType): NativePointer | null {
  for (const { path } of TABLES[type]) {
    try {
      let at: NativePointer | null = library;
      for (const name of path) at = at === null || at.isNull() ? null : readObject(at, name);
      if (at !== null && isA(at, "NSHashTable")) return at;
    } catch {
      // What the ivar holds is not an object: another version's, or one that is being made.
    }
  }
  return null;
}

function readObject(object: NativePointer, name: string): NativePointer | null {
  const cls = checkedClassOf(object);
  const ivar = ivarsOf(cls).find((one) => one.name === name);
  return ivar?.types.startsWith("@") === true ? object.add(ivar.offset).readPointer() : null;
}

function typesOfObject(cls: NativePointer, name: string): string | undefined {
  return ivarsOf(cls).find((ivar) => ivar.name === name && ivar.types.startsWith("@"))?.types;
}
