// C: for each thread, the origins in whose handling it acts: an origin is an event, by its number. Compiled in the app (CModule, TinyCC).
//
// A place on a stack of origins is taken at the entry of a callback, or of work that was handed on, and is over when that
// returns. The innermost origin is the one that counts. While none is in force anywhere, a question costs one load.
import { PUBLISHING_C } from "../publishing.js";
import { CONTROL_BYTES, DEEPEST, ESCAPES, THREADS } from "./layout.js";

/** The structures and the sums that other parts in C need too. */
export const ORIGINS_H = `
#include <gum/guminterceptor.h>
#include <gum/gumspinlock.h>
#include <gum/gumtls.h>
#include <string.h>
${PUBLISHING_C}
#if defined (HAVE_ARM64)
# define STACK_POINTER(ic) ((gsize) (ic)->cpu_context->sp)
#elif GLIB_SIZEOF_VOID_P == 8
# define STACK_POINTER(ic) ((gsize) (ic)->cpu_context->rsp)
#else
# error origins need 64 bits
#endif

typedef struct {
  /* How many origins are in force, on all threads, and marks of other parts: 0 is nothing to ask for. */
  volatile gint live;
  volatile gint escapes[13];
  /* Set where the process has Swift's tasks (tasks_c.ts): which task runs here, because of which origin it was made, and with
     which origin's value it went on. */
  gpointer (* volatile current_task) (void);
  guint64 (* volatile origin_of_task) (gpointer task);
  guint64 (* volatile resumed_by_of_task) (gpointer task);
  /* The app's images, in the order of their addresses: count, then rows of four words: base, end and two more. */
  const guint64 * volatile images;
  GumTlsKey key;
  GumSpinlock lock;
} Origins;

extern Origins origins;
`;

export const ORIGINS_C = `
${ORIGINS_H}
typedef struct { guint64 number; gsize sp; gpointer task; } Origin;
typedef struct { volatile guint32 generation; volatile gint used, depth, handing; Origin stack[${DEEPEST}]; } Thread;
extern Thread threads[${THREADS}];

void prepare (void) {
  memset (&origins, 0, ${CONTROL_BYTES});
  memset (threads, 0, sizeof (Thread) * ${THREADS});
  origins.key = gum_tls_key_new ();
  gum_spinlock_init (&origins.lock);
}

/* Keys are few: a process has some hundreds. */
void finalize (void) { gum_tls_key_free (origins.key); }

void escaped (gint sort) { g_atomic_int_add (&origins.escapes[sort], 1); }

/* A function of tasks_c.ts is there from one moment on, and from another one on no longer: it is loaded once. */
static gpointer task_here (void) {
  gpointer (* current) (void) = LOAD (&origins.current_task);
  return current == NULL ? NULL : current ();
}

static Thread * known (void) {
  gsize tag = (gsize) gum_tls_key_get_value (origins.key);
  Thread * t = &threads[tag & 0xffff];
  return tag != 0 && t->generation == (guint32) (tag >> 16) ? t : NULL;
}

static Thread * adopt (void) {
  guint i;
  Thread * t = NULL;
  gum_spinlock_acquire (&origins.lock);
  for (i = 0; i != ${THREADS} && threads[i].used; i++) ;
  if (i != ${THREADS}) {
    t = &threads[i];
    t->used = TRUE;
    t->depth = t->handing = 0;
    t->generation++;
    if (t->generation == 0) t->generation = 1;
  }
  gum_spinlock_release (&origins.lock);
  if (t != NULL) gum_tls_key_set_value (origins.key, (gpointer) ((gsize) t->generation << 16 | i));
  else escaped (${ESCAPES.indexOf("threads")});
  return t;
}

static void shrink (Thread * t, gint depth) {
  gint gone = t->depth - depth;
  if (gone <= 0) return;
  t->depth = depth;
  g_atomic_int_add (&origins.live, -gone);
}

/* What an exception has left without a word is below the stack pointer: stacks grow down. */
static void drop_dead (Thread * t, gsize sp) {
  gint depth = t->depth;
  while (depth > 0 && t->stack[depth - 1].sp < sp) depth--;
  shrink (t, depth);
}

/* Return where the hooked call that runs here has its stack pointer; 0 outside of one, where nothing is known to be over. */
static gsize sp_here (void) {
  GumInvocationContext * ic = gum_interceptor_get_current_invocation ();
  return ic == NULL ? 0 : STACK_POINTER (ic);
}

/* Put an origin in force here; returns its place for origin_leave, negative where there is no room. */
gint origin_enter (gsize sp, guint64 number) {
  Origin * o;
  Thread * t = known ();
  if (t == NULL) t = adopt ();
  if (t == NULL) return -1;
  drop_dead (t, sp);
  if (t->depth == ${DEEPEST}) {
    escaped (${ESCAPES.indexOf("depth")});
    return -1;
  }
  o = &t->stack[t->depth];
  o->number = number;
  o->sp = sp;
  o->task = task_here ();
  g_atomic_int_add (&origins.live, 1);
  return t->depth++;
}

static void give_back (Thread * t) {
  if (t->depth != 0 || t->handing) return;
  gum_tls_key_set_value (origins.key, NULL);
  t->used = FALSE;
}

/* Leave an origin, and every inner one. A thread that has none left gives its row back. */
void origin_leave (gint place) {
  Thread * t = known ();
  if (t == NULL || place < 0) return;
  shrink (t, place);
  give_back (t);
}

/* Return the innermost origin on the stack; NULL without one, or where a task has begun since it was entered. */
static const Origin * on_stack (gsize sp, gpointer task) {
  const Origin * o;
  Thread * t = known ();
  if (t == NULL) return NULL;
  drop_dead (t, sp);
  if (t->depth == 0) return NULL;
  o = &t->stack[t->depth - 1];
  return task == NULL || o->task == task ? o : NULL;
}

/* Return the number of the origin that is in force here; 0 for none. */
guint64 origin_here (gsize sp) {
  guint64 (* of_task) (gpointer task);
  gpointer task;
  const Origin * o;
  if (origins.live == 0) return 0;
  task = task_here ();
  o = on_stack (sp, task);
  if (o != NULL) return o->number;
  of_task = LOAD (&origins.origin_of_task);
  return task == NULL || of_task == NULL ? 0 : of_task (task);
}

/* Return the number of the origin with whose value the task that acts here went on; 0 for none. */
guint64 resumed_by_here (gsize sp) {
  guint64 (* of_task) (gpointer task) = LOAD (&origins.resumed_by_of_task);
  gpointer task;
  if (origins.live == 0 || of_task == NULL) return 0;
  task = task_here ();
  return task == NULL || on_stack (sp, task) != NULL ? 0 : of_task (task);
}

/* Where a thread that acts because of an origin notes that it is handing work on: one function may call another that is hooked
   too, for the same work. NULL for a thread that has no row, where none is needed. */
volatile gint * origin_handing (gint needed) {
  Thread * t = known ();
  if (t == NULL && needed) t = adopt ();
  return t == NULL ? NULL : &t->handing;
}

void origin_handed (void) {
  Thread * t = known ();
  if (t == NULL) return;
  t->handing = FALSE;
  give_back (t);
}

/* Return whether code is the app's: in one of its images. */
gint is_app_code (gsize address) {
  const guint64 * all = LOAD (&origins.images);
  gint low = 0, high = all == NULL ? -1 : (gint) all[0] - 1;
  while (low <= high) {
    gint middle = (low + high) / 2;
    const guint64 * one = all + 1 + 4 * middle;
    if (address < one[0]) high = middle - 1;
    else if (address >= one[1]) low = middle + 1;
    else return TRUE;
  }
  return FALSE;
}

/* For the script: numbers there are doubles. */
gint enter_here (double number) { return origin_enter (sp_here (), (guint64) (gint64) number); }
double number_here (void) { return (double) (gint64) origin_here (sp_here ()); }
double resumed_by_number_here (void) { return (double) (gint64) resumed_by_here (sp_here ()); }

/* Forget all that are in force: their leaving finds nothing to leave. */
void clear (void) {
  guint i;
  for (i = 0; i != ${THREADS}; i++) {
    Thread * t = &threads[i];
    t->generation++;
    if (t->generation == 0) t->generation = 1;
    t->depth = 0;
    t->used = FALSE;
  }
  origins.live = 0;
  memset ((void *) origins.escapes, 0, sizeof (origins.escapes));
}
`;
