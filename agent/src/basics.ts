// Small functions in C that several parts of the script call, as one module: the compiler takes 0.2 ms to begin, for each.
import { compile, findExport, LEAF, needExport } from "./native.js";

// Source: Darwin's and Linux's time.h. The second one never steps and counts sleep.
export const IDS = Process.platform === "darwin" ? { wall: 0, continuous: 4, threadCpu: 16 } : { wall: 0, continuous: 7, threadCpu: 3 };

const BASICS_C = `
#include <glib.h>
#include <string.h>
extern int clock_gettime (int id, void * spec);
static void read_clock (guint * out, int id) {
  gint64 spec[2];
  clock_gettime (id, spec);
  out[0] = (guint) spec[0];
  out[1] = (guint) spec[1];
}
void stamp (guint * out) {
  read_clock (out, ${IDS.wall});
  read_clock (out + 2, ${IDS.continuous});
}
void stamp_cpu (guint * out) {
  stamp (out);
  read_clock (out + 4, ${IDS.threadCpu});
}
/* What publishing.ts says of the addition. */
void put (volatile gsize * place, gsize value) { g_atomic_pointer_add (place, (gssize) (value - *place)); }
void add (volatile gint * place, gint value) { g_atomic_int_add (place, value); }
void take (double a, double b) { }
`;

/** Functions of Objective-C's runtime, which not every process has. Source: objc/runtime.h. */
const METHODS_C = `
extern void free (gpointer memory);
extern gpointer * class_copyMethodList (gpointer cls, guint * count);
extern gpointer class_getSuperclass (gpointer cls), method_getName (gpointer method), method_getImplementation (gpointer method);
extern gpointer method_getTypeEncoding (gpointer method);
extern const char * sel_getName (gpointer selector);
/* Find a method by its name: its code, its types and whose own it is. Return how many methods of that class have the same code. */
guint find_method (gpointer cls, const char * name, guint inherited, gpointer * out) {
  while (cls != NULL) {
    guint count = 0, i, same = 0;
    gpointer * list = class_copyMethodList (cls, &count);
    for (i = 0; i != count && strcmp (sel_getName (method_getName (list[i])), name) != 0; i++) ;
    if (i != count) {
      out[0] = method_getImplementation (list[i]);
      out[1] = method_getTypeEncoding (list[i]);
      out[2] = cls;
      for (i = 0; i != count; i++) if (method_getImplementation (list[i]) == out[0]) same++;
    }
    free (list);
    if (same != 0 || !inherited) return same;
    cls = class_getSuperclass (cls);
  }
  return 0;
}
`;

const RUNTIME = ["class_copyMethodList", "class_getSuperclass", "method_getName", "method_getImplementation", "method_getTypeEncoding", "sel_getName"];

let module: CModule | null | undefined;

function open(): CModule | null {
  try {
    const runtime = Process.findModuleByName("libobjc.A.dylib");
    const functions = RUNTIME.map((name) => [name, runtime?.findExportByName(name) ?? null] as const);
    const found = functions.every(([, address]) => address !== null);
    const symbols = { clock_gettime: needExport("clock_gettime"), free: findExport("free", "libsystem_malloc.dylib") ?? NULL, ...Object.fromEntries(found ? functions : []) };
    return compile(BASICS_C + (found ? METHODS_C : ""), symbols as Record<string, NativePointer>);
  } catch {
    return null;
  }
}

/** Return a function in C; null where this process cannot compile, or lacks what it calls. */
export function basic<F>(name: string, result: NativeFunctionReturnType, args: NativeFunctionArgumentType[], options = LEAF): F | null {
  const address = basicAddress(name);
  return address === null ? null : (new NativeFunction(address, result, args, options) as F);
}

export function basicAddress(name: string): NativePointer | null {
  if (module === undefined) module = open();
  return module?.[name] ?? null;
}
