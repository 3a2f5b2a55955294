// Methods that an app implements and a framework calls: hooked on each class that implements them.
import { actBecauseOf, beginApp, type CallScope, emitReturn, end, stamp } from "../call_scope.js";
import { now } from "../clock.js";
import { plainCode } from "../code_pointers.js";
import { isSystemImage } from "../images.js";
import { findMethod, readingOnce } from "../objc/methods.js";
import { checkedClassOf, classesOf, className, classOf, inherits, ivarsOf, selectorName } from "../objc/runtime.js";
import type { Recording } from "../recording.js";
import { Attachments, PATIENT } from "./attach.js";
import type { Probe } from "./catalogue/types.js";
import { callbacks, type Hook, type NativeHooked } from "./hook.js";
import { type ChangeListener, MethodChanges } from "./method_changes.js";

/** Emit the event of one call, if it has one of its own, as `scope.of`; returns the origin of what happens in the call, or null. */
export type OnCallback = (probe: Probe, scope: CallScope, args: InvocationArguments) => number | null;

interface Watched {
  readonly cls: NativePointer;
  readonly probe: Probe;
  /** The implementation that was hooked; empty where the class had none. */
  readonly address: string;
}

const REPLACED = "the implementation was replaced";
const FOUND_LATE = "the implementation was replaced in a way that is not hooked, and found by the check once a second: its calls before were not seen";
const HOOKED_LATE = "other threads kept the code from being changed: calls at first were perhaps not seen";
const MOST_SUBJECTS = 256;

export class Callbacks implements ChangeListener {
  private readonly attachments = new Map<string, Attachments>(); // by selector
  /** The classes found so far, by class and symbol. */
  private readonly watched = new Map<string, Watched>();
  /** What was hooked, or could not be, by selector and address. `owner`: the class whose method it is, or was when it was hooked. */
  private readonly hooked = new Map<string, { owner: NativePointer; probe: Probe }>();
  private readonly changes: MethodChanges;
  /** What the latest callbacks were about, by the number of their event. */
  private readonly subjects = new Map<number, string>();

  constructor(
    private readonly recording: Recording,
    private readonly onCallback: OnCallback,
    /** Return the hook of a callback in C; null where the hook is in JavaScript. */
    private readonly nativeHookOf: (probe: Probe) => NativeHooked | null,
  ) {
    this.changes = new MethodChanges(recording, this);
  }

  /** Hook the functions by which implementations change. */
  start(): void {
    this.changes.start();
  }

  /** Hook what instances of a class run for a callback, once for each implementation. Returns whether there is nothing more to look for. */
  watch(cls: NativePointer, probe: Probe, note: string | null = null): boolean {
    if (this.recording.leavesOut(probe.probe)) return true;
    const selector = selectorOf(probe);
    // Announced first: what changes while we look is then seen.
    this.changes.watch(cls, selector);
    const method = findMethod(cls, selector);
    if (method === null) return false;
    const key = `${cls} ${probe.symbol}`;
    const address = method.address.toString();
    if (this.watched.get(key)?.address === address) return true;
    this.watched.set(key, { cls, probe, address });
    this.attach(method.address, method.owner, probe, note);
    return true;
  }

  /** Hook the class of an object, or, where it forwards to one that it holds, the class of that one. */
  watchObject(object: NativePointer, cls: NativePointer, probe: Probe): void {
    if (this.watch(cls, probe)) return;
    // It may get an implementation of its own.
    this.watched.set(`${cls} ${probe.symbol}`, { cls, probe, address: "" });
    const selector = selectorOf(probe);
    const held = heldObjects(object, cls).filter((other) => this.watch(other, probe, `reached through ${className(cls)}, which forwards`));
    if (held.length > 0) return;
    this.report(probe, `-[${className(cls)} ${selector}]`, "skipped", "the class forwards the message to an object that cannot be found");
  }

  /** Check all known classes again, for what changed in a way that is not hooked. */
  refresh(): void {
    this.check(() => true, FOUND_LATE);
  }

  onClass(cls: NativePointer, selector: string, implementation: NativePointer): void {
    const concerned = [...this.watched.values()].find(
      (one) => selectorOf(one.probe) === selector && (inherits(cls, one.cls) || inherits(one.cls, cls)),
    );
    if (concerned !== undefined) this.attach(plainCode(implementation), cls, concerned.probe, REPLACED);
  }

  onMethod(selector: string, before: NativePointer, implementation: NativePointer): void {
    const hooked = this.hooked.get(`${selector} ${plainCode(before)}`);
    if (hooked !== undefined) this.attach(plainCode(implementation), hooked.owner, hooked.probe, REPLACED);
  }

  onObject(from: NativePointer, to: NativePointer): void {
    if (!isReadable(to)) return; // objects that are freed get a marker for a class
    for (const { cls, probe } of [...this.watched.values()]) if (cls.equals(from)) this.watch(to, probe, "an object of another class became one of this");
  }

  onDone(selector: string): void {
    this.check((probe) => selectorOf(probe) === selector, REPLACED);
  }

  stop(): void {
    this.changes.stop();
    for (const attachments of this.attachments.values()) attachments.stop();
    this.attachments.clear();
    this.watched.clear();
    this.hooked.clear();
    this.subjects.clear();
  }

  private check(wanted: (probe: Probe) => boolean, note: string): void {
    for (const { cls, probe } of [...this.watched.values()]) if (wanted(probe)) this.watch(cls, probe, note);
  }

  /** Hook an implementation, once. `owner`: the class whose method it is. */
  private attach(address: NativePointer, owner: NativePointer, probe: Probe, note: string | null): void {
    const selector = selectorOf(probe);
    let attachments = this.attachments.get(selector);
    if (attachments === undefined) this.attachments.set(selector, (attachments = new Attachments()));
    const known = attachments.has(address);
    this.hooked.set(`${selector} ${address}`, { owner, probe });
    const symbol = `-[${className(owner)} ${selector}]`;
    try {
      const native = this.nativeHookOf(probe);
      const hooks = native?.callbacks ?? callbacks(this.recording, symbol, this.hook(probe, selector));
      const inPlace = attachments.attach(address, hooks, native?.data, PATIENT);
      if (!known) this.report(probe, symbol, "installed", inPlace ? note : HOOKED_LATE);
    } catch (problem) {
      this.report(probe, symbol, "skipped", problem instanceof Error ? problem.message : String(problem));
    }
  }

  private report(probe: Probe, symbol: string, status: "installed" | "skipped", reason: string | null): void {
    const code = reason === FOUND_LATE || reason === HOOKED_LATE ? { code: "found-late" as const } : {};
    this.recording.emit({ kind: "hook", at: now(), tid: null, probe: probe.probe, symbol, status, reason, ...code });
  }

  private note(number: number, subject: string): void {
    this.subjects.set(number, subject);
    if (this.subjects.size > MOST_SUBJECTS) this.subjects.delete(this.subjects.keys().next().value!);
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
        // An implementation that calls the inherited or the replaced one was not called twice, also when it does so later.
        if (outer?.subject === subject || this.subjects.get(recording.origins.here(tid) ?? 0) === subject) return;
        const scope = beginApp(recording, tid);
        scope.frame.subject = subject;
        context["scope"] = scope;
        stamp(scope, true);
        const origin = this.onCallback(probe, scope, args);
        if (probe.depth === "notification") this.note(scope.of, subject);
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

export const isNotification = (probe: Probe): boolean => selectorOf(probe).startsWith("photoLibrary");

export function selectorOf(probe: Probe): string {
  return probe.symbol.slice(probe.symbol.indexOf(" ") + 1, -1);
}

function isReadable(cls: NativePointer): boolean {
  try {
    return !checkedClassOf(cls).isNull();
  } catch {
    return false;
  }
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
  const implemented = readingOnce(() => all.filter((probe) => !isNotification(probe) && findMethod(cls, selectorOf(probe)) !== null));
  for (const probe of implemented) callbacks.watch(cls, probe);
}

/** Listeners for wakes registered before the attach, in a private place: hook what the app's classes implement. */
export function watchListeners(callbacks: Callbacks, wakes: readonly Probe[]): void {
  for (const cls of classesOf((path) => !isSystemImage(path))) {
    const implemented = readingOnce(() => wakes.filter((probe) => findMethod(cls, selectorOf(probe), { own: true }) !== null));
    for (const probe of implemented) callbacks.watch(cls, probe, "hooked by class: the list of listeners is private");
  }
}

export function delegateHook(callbacks: Callbacks, all: readonly Probe[]): Hook {
  return { enter: (_context, args) => watchDelegate(args[2]!, callbacks, all) };
}
