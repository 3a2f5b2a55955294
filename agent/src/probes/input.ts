// Touches, key presses and other events that UIKit gives to the app: one event for each touch sequence or press, when it
// begins, and the origin of all that the app does in its events. Never where, never what.
import { actBecauseOf, beginApp, type CallScope, end } from "../call_scope.js";
import { now } from "../clock.js";
import { immediate } from "../objc/messages.js";
import { findMethod } from "../objc/methods.js";
import { className, classOf } from "../objc/runtime.js";
import { isAskable } from "../objc/values.js";
import type { InputType } from "../protocol.js";
import type { Recording } from "../recording.js";
import { Attachments } from "./attach.js";
import type { Probe } from "./catalogue/types.js";
import { callbacks, type Hook, type NativeHooked } from "./hook.js";

// Source: UIEvent.h, UIEventType; UITouch.h and UIPress.h, whose phases have the same numbers.
const TOUCHES = 0;
const PRESSES = 3;
const BEGAN = 0;
const ENDED: ReadonlySet<number> = new Set([3, 4]); // ended, cancelled

/** The other events have no beginning that can be read: those that follow each other so closely are one. */
const ONE_SEQUENCE_S = 1;
/** UIKit has one object for each sort of event, and uses it again. */
const MOST_SEQUENCES = 32;

interface Sequence {
  readonly origin: number;
  seen_s: number;
}

/** What an event says of its touches or presses. */
interface Contacts {
  readonly all: number;
  readonly began: number;
  readonly ended: number;
}

export class Inputs {
  private readonly sequences = new Map<string, Sequence>(); // by event object
  private readonly attachments = new Attachments();
  /** The event that is being sent: an override hands it on to the inherited method. */
  private sending = "";

  constructor(private readonly recording: Recording) {}

  hook(): Hook {
    return {
      enter: (context, args) => {
        const event = args[2]!;
        const key = event.toString();
        if (key === this.sending) return;
        const outer = this.sending;
        this.sending = key;
        context["sent"] = { key, outer };
        const origin = event.isNull() ? null : this.originOf(event, key, context.threadId);
        if (origin === null) return;
        const scope = beginApp(this.recording, context.threadId);
        context["scope"] = scope;
        actBecauseOf(this.recording, scope, origin);
      },
      leave: (context) => {
        const sent = context["sent"] as { key: string; outer: string } | undefined;
        if (sent === undefined) return;
        this.sending = sent.outer;
        const scope = context["scope"] as CallScope | undefined;
        if (scope !== undefined) end(this.recording, scope);
      },
    };
  }

  /** Hook an app's own class for the application, where it overrides the method: what it does before and after is handling too. */
  watchApplication(application: NativePointer, probe: Probe, native?: NativeHooked): void {
    if (this.recording.leavesOut(probe.probe)) return;
    const method = findMethod(classOf(application), "sendEvent:");
    if (method === null || className(method.owner) === "UIApplication" || this.attachments.has(method.address)) return;
    const symbol = `-[${className(method.owner)} sendEvent:]`;
    let problem: string | null = null;
    try {
      this.attachments.attach(method.address, native?.callbacks ?? callbacks(this.recording, symbol, this.hook()), native?.data);
    } catch (failure) {
      problem = failure instanceof Error ? failure.message : String(failure);
    }
    const status = problem === null ? "installed" : "skipped";
    this.recording.emit({ kind: "hook", at: now(), tid: null, probe: probe.probe, symbol, status, reason: problem });
  }

  stop(): void {
    this.attachments.stop();
    this.sequences.clear();
  }

  /** Return the origin of what happens in one event; null where there is none: its sequence began before the attach. */
  private originOf(event: NativePointer, key: string, tid: number): number | null {
    const known = isAskable(classOf(event), "UIEvent") ? immediate.askSmall(event, "type") : -1;
    if (known === TOUCHES) return this.contact(event, key, tid, "allTouches", "touch");
    if (known === PRESSES) return this.contact(event, key, tid, "allPresses", "key");
    const at_s = now()[2];
    const before = this.sequences.get(key);
    if (before !== undefined && at_s - before.seen_s <= ONE_SEQUENCE_S) {
      before.seen_s = at_s;
      return before.origin;
    }
    return this.begin(key, tid, "other", at_s);
  }

  private contact(event: NativePointer, key: string, tid: number, getter: string, type: InputType): number | null {
    const { all, began, ended } = read(immediate.ask(event, getter));
    // Another finger joins a touch sequence; another key is a press of its own.
    const begins = began > 0 && (type === "key" || began === all || !this.sequences.has(key));
    const origin = begins ? this.begin(key, tid, type, now()[2]) : (this.sequences.get(key)?.origin ?? null);
    if (ended === all) this.sequences.delete(key);
    return origin;
  }

  private begin(key: string, tid: number, type: InputType, seen_s: number): number {
    const origin = this.recording.emit({ kind: "input", at: now(), tid, type });
    if (this.sequences.size >= MOST_SEQUENCES) this.sequences.clear();
    this.sequences.set(key, { origin, seen_s });
    return origin;
  }
}

/** Count the touches or presses of a set. On the main thread, to which they belong; plain accessors of UIKit and Foundation. */
function read(contacts: NativePointer): Contacts {
  if (contacts.isNull()) return { all: 0, began: 0, ended: 0 };
  const all = immediate.askSmall(contacts, "count");
  if (all === 1) return count([immediate.ask(contacts, "anyObject")]);
  const objects = immediate.ask(contacts, "allObjects");
  return count(Array.from({ length: all }, (_, i) => immediate.ask(objects, "objectAtIndex:", ptr(i))));
}

function count(contacts: readonly NativePointer[]): Contacts {
  let [began, ended] = [0, 0];
  for (const contact of contacts) {
    const phase = immediate.askSmall(contact, "phase");
    if (phase === BEGAN) began++;
    else if (ENDED.has(phase)) ended++;
  }
  return { all: contacts.length, began, ended };
}
