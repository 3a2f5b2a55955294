// Methods that an app implements and a framework calls: hooked on each class that implements them.
import { actBecauseOf, beginApp, type CallScope, emitReturn, end, stamp } from "../call_scope.js";
import { now } from "../clock.js";
import { isSystemImage } from "../images.js";
import { checkedClassOf, classesOf, className, classOf, findMethod, ivarsOf, ownMethods, selectorName } from "../objc/runtime.js";
import type { Recording } from "../recording.js";
import { Attachments } from "./attach.js";
import type { Probe } from "./catalogue/types.js";
import { callbacks, type Hook } from "./hook.js";

/** Emit the event of one call, if it has one of its own, as `scope.of`; returns the origin of what happens in the call, or null. */
export type OnCallback = (probe: Probe, scope: CallScope, args: InvocationArguments) => number | null;

export class Callbacks {
  private readonly attachments = new Map<string, Attachments>(); // by selector
  /** The classes found so far, and the implementation that was hooked for each. */
  private readonly watched = new Map<string, { cls: NativePointer; probe: Probe; address: string }>();

  constructor(
    private readonly recording: Recording,
    private readonly onCallback: OnCallback,
  ) {}

  /** Hook what instances of a class run for a callback, once for each implementation. Returns whether there is an implementation. */
  watch(cls: NativePointer, probe: Probe, note: string | null = null): boolean {
    const key = `${cls} ${probe.symbol}`;
    const selector = selectorOf(probe);
    const method = findMethod(cls, selector);
    if (method === null) return false;
    const address = method.address.toString();
    if (this.watched.get(key)?.address === address) return true;
    this.watched.set(key, { cls, probe, address });
    const attachments = this.attachments.get(selector) ?? new Attachments();
    this.attachments.set(selector, attachments);
    const known = attachments.has(method.address);
    const symbol = `-[${className(method.owner)} ${selector}]`;
    try {
      attachments.attach(method.address, callbacks(this.recording, symbol, this.hook(probe, selector)));
      if (!known) this.report(probe, symbol, "installed", note);
    } catch (problem) {
      this.report(probe, symbol, "skipped", problem instanceof Error ? problem.message : String(problem));
    }
    return true;
  }

  /** Hook the class of an object, or, where it forwards to one that it holds, the class of that one. */
  watchObject(object: NativePointer, cls: NativePointer, probe: Probe): void {
    if (this.watch(cls, probe)) return;
    const selector = selectorOf(probe);
    const held = heldObjects(object, cls).filter((other) => this.watch(other, probe, `reached through ${className(cls)}, which forwards`));
    if (held.length > 0) return;
    this.report(probe, `-[${className(cls)} ${selector}]`, "skipped", "the class forwards the message to an object that cannot be found");
  }

  /** Check all known classes again: implementations can be replaced. */
  refresh(): void {
    for (const { cls, probe } of [...this.watched.values()]) this.watch(cls, probe, "the implementation was replaced");
  }

  stop(): void {
    for (const attachments of this.attachments.values()) attachments.stop();
    this.attachments.clear();
    this.watched.clear();
  }

  private report(probe: Probe, symbol: string, status: "installed" | "skipped", reason: string | null): void {
    this.recording.emit({ kind: "hook", at: now(), tid: null, probe: probe.probe, symbol, status, reason });
  }

  private hook(probe: Probe, selector: string): Hook {
    const { recording } = this;
    return {
      enter: (context, args) => {
        // Several selectors can share one implementation.
        if (selectorName(args[1]!) !== selector) return;
        const tid = context.threadId;
        const subject = `${selector} ${args[0]} ${args[2]}`;
        const outer = recording.nesting.top(tid);
        // An implementation that calls the inherited one was not called twice.
        if (outer !== null && outer.subject === subject) return;
        const scope = beginApp(recording, tid);
        scope.frame.subject = subject;
        context["scope"] = scope;
        stamp(scope, true);
        const origin = this.onCallback(probe, scope, args);
        if (origin !== null) actBecauseOf(recording, scope, origin);
      },
      leave: (context) => {
        const scope = context["scope"] as CallScope | undefined;
        if (scope === undefined) return;
        if (probe.timed) emitReturn(recording, scope);
        end(recording, scope);
      },
    };
  }
}

export function selectorOf(probe: Probe): string {
  return probe.symbol.slice(probe.symbol.indexOf(" ") + 1, -1);
}

/** Return the classes of the objects in an object's ivars, without sending a message. */
function heldObjects(object: NativePointer, cls: NativePointer): NativePointer[] {
  const held: NativePointer[] = [];
  for (const ivar of ivarsOf(cls)) {
    if (!ivar.types.startsWith("@") || ivar.types.startsWith("@?")) continue;
    try {
      const value = object.add(ivar.offset).readPointer();
      if (!value.isNull()) held.push(classOf(value));
    } catch {
      // An ivar that holds something else.
    }
  }
  return held;
}

/** Hook the callbacks that a delegate implements, except those of observers. */
export function watchDelegate(delegate: NativePointer, callbacks: Callbacks, all: readonly Probe[]): void {
  if (delegate.isNull()) return;
  const cls = checkedClassOf(delegate);
  for (const probe of all) {
    const selector = selectorOf(probe);
    if (selector.startsWith("photoLibrary")) continue;
    if (findMethod(cls, selector) !== null) callbacks.watch(cls, probe);
  }
}

/** Listeners for wakes registered before the attach, in a private place: hook what the app's classes implement. */
export function watchListeners(callbacks: Callbacks, wakes: readonly Probe[]): void {
  for (const cls of classesOf((path) => !isSystemImage(path))) {
    const own = ownMethods(cls);
    for (const probe of wakes) if (own.has(selectorOf(probe))) callbacks.watch(cls, probe, "hooked by class: the list of listeners is private");
  }
}

export function delegateHook(callbacks: Callbacks, all: readonly Probe[]): Hook {
  return { enter: (_context, args) => watchDelegate(args[2]!, callbacks, all) };
}
