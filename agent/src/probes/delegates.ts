// A delegate is set: the class that will hear of a person's choice becomes known.
import { isSystemImage } from "../callers.js";
import { checkedClassOf, classesOf, findMethod, ownMethods } from "../objc/runtime.js";
import { selectorOf, type Callbacks } from "./callbacks.js";
import type { Probe } from "./catalogue/types.js";
import type { Hook } from "./hook.js";

/** Hook what a delegate implements of the callbacks that are not an observer's. */
export function watchDelegate(delegate: NativePointer, callbacks: Callbacks, all: readonly Probe[]): void {
  if (delegate.isNull()) return;
  const cls = checkedClassOf(delegate);
  for (const probe of all) {
    const selector = selectorOf(probe);
    if (selector.startsWith("photoLibrary")) continue;
    if (findMethod(cls, selector) !== null) callbacks.watch(cls, probe);
  }
}

/** Who listens for wakes has said so before we came, and where that is kept is private: hook what the app's classes implement. */
export function watchListeners(callbacks: Callbacks, wakes: readonly Probe[]): void {
  for (const cls of classesOf((path) => !isSystemImage(path))) {
    const own = ownMethods(cls);
    for (const probe of wakes) if (own.has(selectorOf(probe))) callbacks.watch(cls, probe, "hooked by class: who listens cannot be read");
  }
}

export function delegateHook(callbacks: Callbacks, all: readonly Probe[]): Hook {
  return { enter: (_context, args) => watchDelegate(args[2]!, callbacks, all) };
}
