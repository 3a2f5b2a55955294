// Which objects observe the library: found at the attach, and registered or unregistered later.
import { begin, type CallScope, end, isKept } from "../call_scope.js";
import { callerOf } from "../callers.js";
import { now } from "../clock.js";
import { isSystemImage } from "../images.js";
import { ask } from "../objc/messages.js";
import { findMethod } from "../objc/methods.js";
import { checkedClassOf, classesOf, className, imageOf, lookUpClass } from "../objc/runtime.js";
import { plainClass, toCount } from "../objc/values.js";
import type { NotificationType, ObserverRef, ObserverType } from "../protocol.js";
import type { Recording } from "../recording.js";
import { type Callbacks, selectorOf } from "./callbacks.js";
import type { Probe } from "./catalogue/types.js";
import type { Hook } from "./hook.js";
import { hasType, OBSERVER_TYPES, readTable } from "./observer_tables.js";

const TABLE_UNKNOWN = "the table of observers of this version is not known: each class of the app that implements it is hooked";
const BY_CLASS = "hooked by class: the table of observers of this version is not known";

/** Return which observers a method or a callback of theirs is about. */
export function observerType(symbol: string): ObserverType {
  if (symbol.includes("PersistentChanges")) return "persistent-changes";
  return /Availability|Unavailable/.test(symbol) ? "availability" : "change";
}

/** Return what a callback's events are about, as they name it. */
export function notificationType({ symbol }: Probe): NotificationType {
  const type = observerType(symbol);
  return type === "availability" ? "unavailable" : type;
}

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
    private readonly probes: Readonly<Record<ObserverType, Probe>>,
  ) {}

  /** A hook on registering or unregistering. */
  hook(probe: Probe, action: "registered" | "unregistered"): Hook {
    const type = observerType(probe.symbol);
    return {
      enter: (context, args) => {
        const scope = begin(this.recording, context);
        context["scope"] = scope;
        const object = args[2]!;
        // Before the original runs: a change may arrive at once.
        if (action === "registered") this.watch(object, type);
        if (!isKept(this.recording, scope)) return;
        const caller = callerOf(context);
        const stack = this.recording.stacks.here();
        scope.of = this.recording.emit({
          kind: "observer", at: now(), tid: scope.tid, action, observer: reference(object), type, cause: scope.cause, caller, stack,
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
  tableHook({ symbol }: Probe): Hook {
    const type = observerType(symbol);
    return {
      enter: (context, args) => {
        const scope = begin(this.recording, context);
        context["scope"] = scope;
        const caller = scope.internal ? null : callerOf(context);
        const internal = caller === null;
        for (const object of elementsOf(args[2]!)) {
          this.watch(object, type);
          if (internal && !this.recording.options.internal) continue;
          this.recording.emit({
            kind: "observer", at: now(), tid: scope.tid, action: "registered", observer: reference(object), type, cause: scope.cause, caller,
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
    for (const type of OBSERVER_TYPES) {
      const table = readTable(library, type);
      if (table !== null) this.take(table, type);
      else if (hasType(type)) this.findByClass(type);
    }
  }

  private watch(object: NativePointer, type: ObserverType): void {
    if (object.isNull()) return;
    let cls: NativePointer;
    try {
      cls = checkedClassOf(object);
    } catch {
      return; // not an object: its event says null
    }
    this.callbacks.watchObject(object, cls, this.probes[type]);
  }

  private take(table: NativePointer, type: ObserverType): void {
    for (const object of elementsOf(ask(table, "allObjects"))) {
      this.watch(object, type);
      this.recording.emit({ kind: "observer", at: now(), tid: null, action: "found", observer: reference(object), type, cause: null, caller: null, stack: null });
    }
  }

  /** The table of this version is not known: say so, and hook every class of the app that implements the callback. */
  private findByClass(type: ObserverType): void {
    const probe = this.probes[type];
    const { probe: name, symbol } = probe;
    // Absent: each class of the app is hooked, and the others as soon as one is registered.
    this.recording.emit({ kind: "hook", at: now(), tid: null, probe: name, symbol, status: "skipped", reason: TABLE_UNKNOWN, absent: true });
    const selector = selectorOf(probe);
    for (const cls of classesOf((path) => !isSystemImage(path))) {
      if (findMethod(cls, selector, { own: true }) !== null) this.callbacks.watch(cls, probe, BY_CLASS);
    }
  }
}
