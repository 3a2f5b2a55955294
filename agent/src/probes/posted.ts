// Notifications of UIKit about the app's life: what observers do while one is posted is the handling of the change.
//
// Apps post notifications of their own all the time, on every thread. So the hooks are compiled, and compare a name with
// UIKit's constants before anything else.
import type { AppState } from "../app_state.js";
import { LAUNCHED, LIFECYCLE_NOTIFICATIONS } from "../app_state.js";
import { actBecauseOf, beginApp, type CallScope, end } from "../call_scope.js";
import { compile, findExport, needExport } from "../native.js";
import { lookUpClass, selector } from "../objc/runtime.js";
import { addNumber, publish, PUBLISHING_C } from "../publishing.js";
import type { Recording } from "../recording.js";
import { selectorOf } from "./callbacks.js";
import type { Probe } from "./catalogue/types.js";
import type { NativeHooked } from "./hook.js";
import { launchReason } from "./lifecycle.js";

const CANNOT_COMPILE = "this process cannot compile C, and a slower hook would cost the app too much";
/** Foundation's own class for notifications, by platform. */
const PLAIN_CLASSES = ["NSConcreteNotification", "GSNotification"];

const ENTRIES: Readonly<Record<string, string>> = {
  "postNotificationName:object:": "by_name",
  "postNotificationName:object:userInfo:": "with_details",
  "postNotification:": "as_object",
};

const SOURCE = `
#include <gum/guminterceptor.h>
${PUBLISHING_C}extern gpointer volatile names[]; /* NULL where this process lacks one */
extern volatile gint on;
extern gpointer plain, name_selector, object_selector, details_selector;
extern gpointer object_getClass (gpointer object);
extern gpointer objc_msgSend (gpointer object, gpointer selector);
extern guint begin (guint index, gpointer object, gpointer details, guint tid);
extern void over (guint slot);
static void post (GumInvocationContext * ic, gpointer name, gpointer object, gpointer details) {
  guint i;
  if (name == NULL || !LOAD (&on)) return;
  for (i = 0; i != ${LIFECYCLE_NOTIFICATIONS.length}; i++) if (LOAD (&names[i]) == name) break;
  if (i != ${LIFECYCLE_NOTIFICATIONS.length}) *GUM_IC_GET_INVOCATION_DATA (ic, guint) = begin (i, object, details, gum_invocation_context_get_thread_id (ic));
}
static gpointer argument (GumInvocationContext * ic, guint at) { return gum_invocation_context_get_nth_argument (ic, at); }
void by_name (GumInvocationContext * ic) {
  *GUM_IC_GET_INVOCATION_DATA (ic, guint) = 0;
  post (ic, argument (ic, 2), argument (ic, 3), NULL);
}
void with_details (GumInvocationContext * ic) {
  *GUM_IC_GET_INVOCATION_DATA (ic, guint) = 0;
  post (ic, argument (ic, 2), argument (ic, 3), argument (ic, 4));
}
void as_object (GumInvocationContext * ic) {
  gpointer it = argument (ic, 2);
  *GUM_IC_GET_INVOCATION_DATA (ic, guint) = 0;
  if (!LOAD (&on) || it == NULL || object_getClass (it) != plain) return;
  post (ic, objc_msgSend (it, name_selector), objc_msgSend (it, object_selector), objc_msgSend (it, details_selector));
}
void leave (GumInvocationContext * ic) {
  guint slot = *GUM_IC_GET_INVOCATION_DATA (ic, guint);
  if (slot != 0) over (slot);
}
`;

export class PostedNotifications {
  private module: CModule | null | undefined;
  private readonly on = Memory.alloc(4);
  private readonly addresses = Memory.alloc(LIFECYCLE_NOTIFICATIONS.length * Process.pointerSize);
  private readonly kept: unknown[] = [];
  /** Postings that run now, from place 1 on. */
  private readonly open: (CallScope | null)[] = [null];

  constructor(
    private readonly recording: Recording,
    private readonly appState: AppState,
  ) {}

  /** Return the hook in C of a method that posts; throws where the process cannot compile. */
  hook(probe: Probe): NativeHooked {
    const module = this.compiled();
    if (module === null) throw new Error(CANNOT_COMPILE);
    return { callbacks: { onEnter: module[ENTRIES[selectorOf(probe)]!] as never, onLeave: module["leave"] as never }, data: NULL };
  }

  /** Find the names' constants: UIKit may be loaded later. */
  refresh(): void {
    if (!this.module) return;
    LIFECYCLE_NOTIFICATIONS.forEach((name, i) => publish(this.addresses.add(i * Process.pointerSize), findExport(name)?.readPointer() ?? NULL));
    this.setOn(1);
  }

  /** From now on nothing that is posted is looked at. */
  stop(): void {
    if (this.module) this.setOn(0);
  }

  private setOn(on: number): void {
    addNumber(this.on, on - this.on.readS32());
  }

  private compiled(): CModule | null {
    if (this.module !== undefined) return this.module;
    const keep = <T>(one: T): T => {
      this.kept.push(one);
      return one;
    };
    const word = (value: NativePointer): NativePointer => keep(Memory.alloc(Process.pointerSize).writePointer(value));
    const plain = PLAIN_CLASSES.map((name) => lookUpClass(name)).find((cls) => cls !== null) ?? NULL;
    try {
      this.module = compile(SOURCE, {
        names: this.addresses,
        on: this.on,
        plain: word(plain),
        name_selector: word(selector("name")),
        object_selector: word(selector("object")),
        details_selector: word(selector("userInfo")),
        object_getClass: needExport("object_getClass", "libobjc.A.dylib"),
        objc_msgSend: needExport("objc_msgSend", "libobjc.A.dylib"),
        begin: keep(new NativeCallback((index, object, details, tid) => this.begin(index, object, details, tid), "uint", ["uint", "pointer", "pointer", "uint"])),
        over: keep(new NativeCallback((slot) => this.over(slot), "void", ["uint"])),
      });
    } catch {
      this.module = null;
    }
    this.refresh();
    return this.module;
  }

  private begin(index: number, object: NativePointer, details: NativePointer, tid: number): number {
    const name = LIFECYCLE_NOTIFICATIONS[index];
    if (!this.recording.running || name === undefined) return 0;
    try {
      const origin = name === LAUNCHED ? this.appState.launch(tid, launchReason(details)) : this.appState.posted(name, object.toString(), tid);
      if (origin === null) return 0;
      const free = this.open.indexOf(null, 1);
      const slot = free > 0 ? free : this.open.length;
      this.open[slot] = this.handling(tid, origin);
      return slot;
    } catch (problem) {
      this.recording.fault(name, problem);
      return 0;
    }
  }

  private handling(tid: number, origin: number): CallScope {
    const scope = beginApp(this.recording, tid);
    actBecauseOf(this.recording, scope, origin);
    return scope;
  }

  private over(slot: number): void {
    const scope = this.open[slot];
    this.open[slot] = null;
    if (scope) end(this.recording, scope);
  }
}
