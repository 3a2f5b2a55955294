// Which objects observe the library: found at the attach, and registered or unregistered later.
import { begin, type CallScope, end, isKept } from "../call_scope.js";
import { callerOf } from "../callers.js";
import { now } from "../clock.js";
import { isSystemImage } from "../images.js";
import { ask } from "../objc/messages.js";
import { checkedClassOf, classesOf, className, imageOf, lookUpClass, ownMethods, readIvar } from "../objc/runtime.js";
import { isA, plainClass, toCount } from "../objc/values.js";
import type { ObserverRef } from "../protocol.js";
import type { Recording } from "../recording.js";
import { type Callbacks, selectorOf } from "./callbacks.js";
import type { Probe } from "./catalogue/types.js";
import type { Hook } from "./hook.js";

type Kind = "change" | "availability";

/** Where Photos keeps the app's observers: paths of ivars from the library. Source: facts, photokit-and-ios.md A1. */
const TABLES: Readonly<Record<Kind, readonly (readonly string[])[]>> = {
  change: [["_observerRegistrar", "_lock_externalChangeObservers"], ["_externalChangeObservers"], ["_externalObservers"]],
  availability: [["_availabilityObservers"]],
};

export function reference(object: NativePointer): ObserverRef | null {
  if (object.isNull()) return null;
  try {
    const cls = plainClass(object);
    return { class: className(cls), id: object.toString(), image: imageOf(cls)?.split("/").pop() ?? null };
  } catch {
    return null;
  }
}

function elementsOf(array: NativePointer): NativePointer[] {
  return Array.from({ length: toCount(array) ?? 0 }, (_, i) => ask(array, "objectAtIndex:", ptr(i)));
}

export class Observers {
  /** The app's shared library; null where Photos was not loaded when it was read. */
  private library: NativePointer | null | undefined;

  constructor(
    private readonly recording: Recording,
    private readonly callbacks: Callbacks,
    private readonly probes: Readonly<Record<Kind, Probe>>,
  ) {}

  /** A hook on registering or unregistering. */
  hook(probe: Probe, action: "registered" | "unregistered"): Hook {
    const kind: Kind = probe.symbol.includes("Availability") ? "availability" : "change";
    return {
      enter: (context, args) => {
        const scope = begin(this.recording, context);
        context["scope"] = scope;
        const object = args[2]!;
        // Before the original runs: a change may arrive at once.
        if (action === "registered") this.watch(object, kind);
        if (!isKept(this.recording, scope)) return;
        const caller = callerOf(context);
        const stack = this.recording.stacks.here();
        scope.of = this.recording.emit({
          kind: "observer", at: now(), tid: scope.tid, action, observer: reference(object), type: kind, cause: scope.cause, caller, stack,
          ...(scope.internal ? { internal: true } : {}),
        });
      },
      leave: (context) => {
        const scope = context["scope"] as CallScope | undefined;
        if (scope !== undefined) end(this.recording, scope);
      },
    };
  }

  /**
   * Photos adds observers to its table. Those that came through the public methods are known; the classes of the others
   * are hooked now. Where the app's code is the caller, it is a registration of the app's own.
   */
  tableHook(): Hook {
    return {
      enter: (context, args) => {
        const scope = begin(this.recording, context);
        context["scope"] = scope;
        const caller = scope.internal ? null : callerOf(context);
        const internal = caller === null;
        for (const object of elementsOf(args[2]!)) {
          this.watch(object, "change");
          if (internal && !this.recording.options.internal) continue;
          this.recording.emit({
            kind: "observer", at: now(), tid: scope.tid, action: "registered", observer: reference(object), type: "change", cause: scope.cause, caller,
            stack: this.recording.stacks.here(), ...(internal ? { internal } : {}),
          });
        }
      },
      leave: (context) => {
        const scope = context["scope"] as CallScope | undefined;
        if (scope !== undefined) end(this.recording, scope);
      },
    };
  }

  /** Find the observers that are registered already, at the cost of one call of +sharedPhotoLibrary. */
  find(): void {
    // Read once, at the attach: it lives as long as the process, and another call would be the agent's own.
    if (this.library === undefined) {
      const cls = lookUpClass("PHPhotoLibrary");
      this.library = cls === null ? null : ask(cls, "sharedPhotoLibrary");
    }
    const { library } = this;
    if (library === null) return;
    for (const kind of ["change", "availability"] as const) {
      const table = this.table(library, kind);
      if (table !== null) this.take(table, kind);
      else if (kind === "change") this.findByClass();
    }
  }

  private watch(object: NativePointer, kind: Kind): void {
    if (object.isNull()) return;
    let cls: NativePointer;
    try {
      cls = checkedClassOf(object);
    } catch {
      return; // not an object: its event says null
    }
    this.callbacks.watchObject(object, cls, this.probes[kind]);
  }

  private table(library: NativePointer, kind: Kind): NativePointer | null {
    for (const path of TABLES[kind]) {
      let at: NativePointer | null = library;
      for (const name of path) {
        if (at === null || at.isNull()) break;
        at = readIvar(at, checkedClassOf(at), name);
      }
      if (at !== null && isA(at, "NSHashTable")) return at;
    }
    return null;
  }

  private take(table: NativePointer, kind: Kind): void {
    for (const object of elementsOf(ask(table, "allObjects"))) {
      this.watch(object, kind);
      this.recording.emit({ kind: "observer", at: now(), tid: null, action: "found", observer: reference(object), type: kind, cause: null, caller: null, stack: null });
    }
  }

  /** The table of this version is not known: hook every class of the app that implements the callback. */
  private findByClass(): void {
    const selector = selectorOf(this.probes.change);
    for (const cls of classesOf((path) => !isSystemImage(path))) {
      if (!ownMethods(cls).has(selector)) continue;
      this.callbacks.watch(cls, this.probes.change, "hooked by class: the table of observers of this version is not known");
    }
  }
}
