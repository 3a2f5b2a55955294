// Methods that an app implements and a framework calls: hooked on each class that does.
import { beginApp, emitReturn, end, stamp, type Act } from "../acts.js";
import { className, classOf, findMethod, ivarsOf, selectorName } from "../objc/runtime.js";
import { now } from "../clock.js";
import type { Session } from "../session.js";
import type { Probe } from "./catalogue/types.js";
import { Attachments } from "./attach.js";
import type { Handoffs } from "./handoffs.js";
import { callbacks, type Hook } from "./hook.js";

/** Emit the event of one call; returns its number. */
export type OnCallback = (probe: Probe, act: Act, args: InvocationArguments) => number;

export class Callbacks {
  private readonly attachments = new Map<string, Attachments>(); // by selector
  /** Classes that were met, and the implementation that was hooked for them. */
  private readonly watched = new Map<string, { cls: NativePointer; probe: Probe; address: string }>();

  constructor(
    private readonly session: Session,
    private readonly onCallback: OnCallback,
    private readonly handoffs: Handoffs,
  ) {}

  /** Hook what instances of a class run for a callback, once for each implementation. Null where there is none. */
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
      attachments.attach(method.address, callbacks(this.session, symbol, this.hook(probe, selector)));
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
    this.report(probe, `-[${className(cls)} ${selector}]`, "skipped", "the class forwards the message, and what it forwards to cannot be told");
  }

  /** Look again at all classes that were met: implementations can be replaced. */
  refresh(): void {
    for (const { cls, probe } of [...this.watched.values()]) this.watch(cls, probe, "the implementation was replaced");
  }

  stop(): void {
    for (const attachments of this.attachments.values()) attachments.stop();
    this.attachments.clear();
    this.watched.clear();
  }

  private report(probe: Probe, symbol: string, status: "installed" | "skipped", reason: string | null): void {
    this.session.emit({ kind: "hook", at: now(), tid: null, probe: probe.probe, symbol, status, reason });
  }

  private hook(probe: Probe, selector: string): Hook {
    const { session } = this;
    return {
      enter: (context, args) => {
        // One implementation can stand behind several selectors.
        if (selectorName(args[1]!) !== selector) return;
        const tid = context.threadId;
        const subject = `${selector} ${args[0]} ${args[2]}`;
        const outer = session.nesting.top(tid);
        // An implementation that calls the inherited one has not been called twice.
        if (outer !== null && (outer as { subject?: string }).subject === subject) return;
        const act = beginApp(session, tid, outer?.cause ?? null);
        (act.frame as { subject?: string }).subject = subject;
        context["act"] = act;
        stamp(act, true);
        act.of = this.onCallback(probe, act, args);
        if (probe.depth !== "notification") return;
        session.nesting.because(tid, act.frame, act.of);
        this.handoffs.enter(tid);
      },
      leave: (context) => {
        const act = context["act"] as Act | undefined;
        if (act === undefined) return;
        if (probe.depth === "notification") this.handoffs.leave(act.tid);
        if (probe.timed) emitReturn(session, act);
        end(session, act);
      },
    };
  }
}

export function selectorOf(probe: Probe): string {
  return probe.symbol.slice(probe.symbol.indexOf(" ") + 1, -1);
}

/** The classes of what an object of the app holds in its ivars: reads, no message. */
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
