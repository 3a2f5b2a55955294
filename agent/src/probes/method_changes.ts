// Methods that an app adds, replaces or exchanges while it runs, and objects that change their class. What comes in place of
// a watched callback is hooked before the app can be called there.
//
// Apps and their libraries call these functions thousands of times when they start, so the hooks are compiled: they return
// at once unless the selector is a watched one, or the object's class.
import { now } from "../clock.js";
import { compile, findExport, needExport } from "../native.js";
import { GATE_C, openReplacements } from "../native_hooks/replace.js";
import { selectorText } from "../objc/runtime.js";
import type { HookCode } from "../protocol.js";
import { publish } from "../publishing.js";
import { LEFT_OUT, type Recording } from "../recording.js";
import { Attachments } from "./attach.js";

/** Hook what is about to be the implementation of a selector, of a class where it is known. */
export interface ChangeListener {
  /** A class gets an implementation of its own. */
  onClass(cls: NativePointer, selector: string, implementation: NativePointer): void;
  /** A method that had one implementation gets another. */
  onMethod(selector: string, before: NativePointer, implementation: NativePointer): void;
  /** An object of a watched class becomes one of another. */
  onObject(from: NativePointer, to: NativePointer): void;
  /** A change that was announced is done. */
  onDone(selector: string): void;
}

// Source: objc/runtime.h. The order is that of `WAYS` in the C below.
const FUNCTIONS = ["class_addMethod", "class_replaceMethod", "method_setImplementation", "method_exchangeImplementations", "object_setClass"];

const LIBOBJC = "libobjc.A.dylib";
const PROBE = "replacement";
const MOST_NAMES = 64;
const MOST_CLASSES = 1024;

/** The table that C reads: names of selectors as the runtime has them, and classes; each ends with an empty word. */
const CLASSES = 8 * (MOST_NAMES + 1);
const TABLE_BYTES = CLASSES + 8 * (MOST_CLASSES + 1);

const changesC = (firstSlot: number): string => `
#include <gum/guminterceptor.h>
${GATE_C}
typedef struct { gpointer volatile name[${MOST_NAMES + 1}], cls[${MOST_CLASSES + 1}]; } Table;
typedef gsize (* Function) (gpointer a, gpointer b, gpointer c, gpointer d);
enum { ADD, REPLACE, SET, EXCHANGE, SET_CLASS };
extern Table table;
extern gpointer sel_getName (gpointer selector);
extern gpointer method_getName (gpointer method);
extern gpointer method_getImplementation (gpointer method);
extern gpointer object_getClass (gpointer object);
extern void on_change (guint way, gpointer name, gpointer a, gpointer b);
extern void on_done (gpointer name);

/* Return the selector's name where it is a watched one. Names are compared by address: a runtime has each once. */
static gpointer watched_name (gpointer selector) {
  gpointer name = selector == NULL ? NULL : sel_getName (selector), watched;
  guint i;
  for (i = 0; (watched = LOAD (&table.name[i])) != NULL; i++) if (watched == name) return name;
  return NULL;
}

static int is_watched (gpointer cls) {
  gpointer watched;
  guint i;
  for (i = 0; (watched = LOAD (&table.cls[i])) != NULL; i++) if (watched == cls) return 1;
  return i == ${MOST_CLASSES}; /* there may have been no room for all of them */
}

static gpointer name_of (gpointer method) { return method == NULL ? NULL : watched_name (method_getName (method)); }

/* Announce a change before it happens. Returns the selector's name where it has to be looked at again when it is done. */
static gpointer announce (guint way, gpointer a, gpointer b, gpointer c) {
  gpointer name, other, cls;
  if (LOAD (&table.name[0]) == NULL || a == NULL || b == NULL) return NULL;
  if (way == SET_CLASS) {
    cls = object_getClass (a);
    if (cls != b && is_watched (cls)) on_change (way, NULL, cls, b);
    return NULL;
  }
  if (way == ADD || way == REPLACE) {
    name = watched_name (b);
    if (name != NULL) on_change (way, name, a, c);
    return name;
  }
  name = name_of (a);
  if (way == SET) {
    if (name != NULL) on_change (way, name, method_getImplementation (a), b);
    return name;
  }
  other = name_of (b);
  if (name != NULL) on_change (way, name, method_getImplementation (a), method_getImplementation (b));
  if (other != NULL) on_change (way, other, method_getImplementation (b), method_getImplementation (a));
  return name != NULL ? name : other;
}

static gsize change (guint way, gpointer a, gpointer b, gpointer c, gpointer d) {
  Function original = (Function) gate_enter (${firstSlot} + way);
  gpointer name = announce (way, a, b, c);
  gsize result = original (a, b, c, d);
  if (name != NULL) on_done (name);
  gate_leave ();
  return result;
}

${FUNCTIONS.map((_, way) => `
gsize fast_${way} (gpointer a, gpointer b, gpointer c, gpointer d) { return change (${way}, a, b, c, d); }`).join("")}

/* Where a function cannot be replaced. */
void slow_enter (GumInvocationContext * ic) {
  *GUM_IC_GET_INVOCATION_DATA (ic, gpointer) =
      announce (GPOINTER_TO_SIZE (GUM_IC_GET_FUNC_DATA (ic, gpointer)), gum_invocation_context_get_nth_argument (ic, 0),
                gum_invocation_context_get_nth_argument (ic, 1), gum_invocation_context_get_nth_argument (ic, 2));
}

void slow_leave (GumInvocationContext * ic) {
  gpointer name = *GUM_IC_GET_INVOCATION_DATA (ic, gpointer);
  if (name != NULL) on_done (name);
}
`;

/** The table and the C of this process, for one agent of the script after the other. */
interface Compiled {
  readonly table: NativePointer;
  readonly module: CModule;
  readonly slot: number;
  changing: (way: number, name: NativePointer, a: NativePointer, b: NativePointer) => void;
  done: (name: NativePointer) => void;
  readonly kept: unknown[];
}

let compiled: Compiled | undefined;

function openCompiled(): Compiled {
  if (compiled !== undefined) return compiled;
  const replacements = openReplacements();
  const [slot, table] = [replacements.reserve(FUNCTIONS.length), Memory.alloc(TABLE_BYTES)];
  const onChange = new NativeCallback((way, name, a, b) => compiled!.changing(way, name, a, b), "void", ["uint", "pointer", "pointer", "pointer"]);
  const onDone = new NativeCallback((name) => compiled!.done(name), "void", ["pointer"]);
  const runtime = ["sel_getName", "method_getName", "method_getImplementation", "object_getClass"];
  const functions = Object.fromEntries(runtime.map((name) => [name, needExport(name, LIBOBJC)]));
  const module = compile(changesC(slot), { ...functions, ...replacements.symbols, table, on_change: onChange, on_done: onDone });
  compiled = { table, module, slot, changing: () => undefined, done: () => undefined, kept: [onChange, onDone] };
  return compiled;
}

export class MethodChanges {
  private readonly names = new Map<string, string>(); // as the runtime has them -> selector
  private readonly classes = new Set<string>();
  private readonly slow = new Attachments();
  private table: NativePointer | null = null;

  constructor(
    private readonly recording: Recording,
    private readonly listener: ChangeListener,
  ) {}

  start(): void {
    if (this.recording.leavesOut(PROBE)) {
      for (const symbol of FUNCTIONS) this.report(symbol, { skipped: LEFT_OUT, code: "left-out" });
      return;
    }
    let code: Compiled | null = null;
    let reason = "";
    try {
      code = openCompiled();
      code.changing = (way, name, a, b) => this.changing(way, name, a, b);
      code.done = (name) => this.guarded(() => this.listener.onDone(this.names.get(name.toString())!));
      this.table = code.table;
    } catch (problem) {
      reason = `callbacks are checked once a second instead: ${messageOf(problem)}`;
    }
    FUNCTIONS.forEach((symbol, way) => this.report(symbol, code === null ? { skipped: reason } : this.install(symbol, way, code)));
  }

  /** Announce nothing any more. Functions that were replaced are given back with the others. */
  stop(): void {
    this.slow.stop();
    // Without a first name no change is looked at.
    this.table?.writeByteArray(new ArrayBuffer(TABLE_BYTES));
    this.names.clear();
    this.classes.clear();
  }

  /** From now on, changes of a selector are announced, and objects of a class that change it. */
  watch(cls: NativePointer, name: string): void {
    const { table } = this;
    if (table === null) return;
    const text = selectorText(name);
    if (!this.names.has(text.toString()) && this.names.size < MOST_NAMES) {
      const place = table.add(8 * this.names.size);
      this.names.set(text.toString(), name);
      publish(place, text);
    }
    const key = cls.toString();
    if (this.classes.has(key)) return;
    if (this.classes.size < MOST_CLASSES) publish(table.add(CLASSES + 8 * this.classes.size), cls);
    this.classes.add(key);
  }

  private install(symbol: string, way: number, { module, slot }: Compiled): { skipped?: string; note?: string } {
    const address = findExport(symbol, LIBOBJC);
    if (address === null) return { skipped: `this process has no function ${symbol}` };
    try {
      openReplacements().put(slot + way, address, module[`fast_${way}`]!);
      return {};
    } catch (failure) {
      try {
        this.slow.attach(address, { onEnter: module["slow_enter"]!, onLeave: module["slow_leave"]! } as never, ptr(way));
        return { note: `by a listener, which costs more: ${messageOf(failure)}` };
      } catch (problem) {
        return { skipped: `it cannot be hooked: ${messageOf(problem)}` };
      }
    }
  }

  private report(symbol: string, { skipped, note, code }: { skipped?: string; note?: string; code?: HookCode }): void {
    const status = skipped === undefined ? "installed" : "skipped";
    const more = code === undefined ? {} : { code };
    this.recording.emit({ kind: "hook", at: now(), tid: null, probe: PROBE, symbol, status, reason: skipped ?? note ?? null, ...more });
  }

  private changing(way: number, name: NativePointer, a: NativePointer, b: NativePointer): void {
    this.guarded(() => {
      const { listener } = this;
      const changed = this.names.get(name.toString());
      if (changed === undefined) listener.onObject(a, b);
      else if (way <= 1) listener.onClass(a, changed, b);
      else listener.onMethod(changed, a, b);
    });
  }

  private guarded(work: () => void): void {
    if (!this.recording.running) return;
    try {
      work();
    } catch (problem) {
      this.recording.fault("a replaced method", problem);
    }
  }
}

const messageOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));
