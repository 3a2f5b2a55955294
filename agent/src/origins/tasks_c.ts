// C: because of which origin each task of Swift's concurrency was made. Compiled in the app (CModule, TinyCC).
//
// The runtime itself knows which task a thread runs. So nothing is followed when tasks are suspended, resumed or moved to
// another thread or actor: a table says for each task from which origin its maker acted, and a question looks the current
// task up. One function makes all tasks: Task {}, detached ones, async let, groups.
//
// A task can run on another thread before the call that makes it has returned, and its address may be that of an older one.
// So an entry has the runtime's number of the task too, which only rises, and a question for a task that the table lacks waits
// while one with an origin is being made that could be it. Runtimes without numbers (before iOS 17): the task is entered when it is
// enqueued for the first time, inside the call that makes it, and a task without an origin erases its address.
import { ESCAPES } from "./layout.js";
import { GATE_C } from "../native_hooks/replace.js";
import { ORIGINS_H } from "./origins_c.js";

/** 262,144 places, in 11 MB that are touched as they are used. */
const SETS = 16_384;
const WAYS = 16;

/** How often a question looks again for a task that is being made: at once, then letting others run, then with pauses (µs). */
const BUSY_LOOKS = 100;
const YIELDING_LOOKS = 500;
const PAUSED_LOOKS = 400;
const PAUSE_US = 50;
const MOST_LOOKS = BUSY_LOOKS + YIELDING_LOOKS + PAUSED_LOOKS;

export const TASKS_BYTES = 128;

/** Functions that are replaced, each with a slot of its own. */
export const REPLACED = [
  "swift_task_create",
  "swift_task_enqueueGlobal",
  "swift_task_enqueueMainExecutor",
  "swift_task_enqueueOnDispatchQueue",
  "swift_defaultActor_enqueue",
  "swift_continuation_resume",
  "swift_continuation_throwingResume",
  "swift_continuation_throwingResumeWithError",
] as const;

/** Return the C; `slot`: the first of the slots of REPLACED. */
export const tasksC = (slot: number): string => `
${ORIGINS_H}
${GATE_C}
#define FIRST_SLOT ${slot}
typedef struct { guint64 number, origin, resumed_by; gsize used; } Entry;
/* Some places for each hash, by address; the one that was asked for longest ago goes. The runtime does not say when a task ends. */
typedef struct { GumSpinlock lock; gpointer tasks[${WAYS}]; Entry entries[${WAYS}]; } Set;
typedef struct {
  volatile gint with_numbers;
  /* Whether the table has anything; whether anything in it was resumed by an origin. */
  volatile gint marked, resumed;
  /* Tasks with an origin that are being made, and that the table lacks yet. */
  volatile gint unmarked;
  volatile gsize clock;
  /* The highest number seen so far; and as it was when the first of those began that are being made now. */
  volatile guint64 seen, floor;
  gpointer (* current) (void);
  guint64 (* number_of) (gpointer task);
  Set * sets;
  GumTlsKey making, yielding;
} Tasks;
extern Tasks tasks;
extern guint64 origin_here (gsize sp);
extern guint64 resumed_by_here (gsize sp);
extern void escaped (gint sort);
extern int usleep (guint us);

void prepare (gpointer current, gpointer number_of) {
  tasks.current = current;
  tasks.number_of = number_of;
  tasks.with_numbers = number_of != NULL;
  if (tasks.sets != NULL) return;
  tasks.sets = g_malloc0 (sizeof (Set) * ${SETS});
  tasks.making = gum_tls_key_new ();
  tasks.yielding = gum_tls_key_new ();
}

void finalize (void) {
  if (tasks.sets == NULL) return;
  gum_tls_key_free (tasks.making);
  gum_tls_key_free (tasks.yielding);
  g_free (tasks.sets);
}

/* --- The table --- */

static Set * set_of (gpointer task) { return &tasks.sets[((GPOINTER_TO_SIZE (task) >> 4) * 0x9e3779b97f4a7c15UL) >> 40 & ${SETS - 1}]; }

static guint64 number_of (gpointer task) {
  guint64 number;
  if (!tasks.with_numbers) return 0;
  number = tasks.number_of (task);
  if (number > tasks.seen) tasks.seen = number;
  return number;
}

static Entry * look (Set * s, gpointer task) {
  guint i;
  for (i = 0; i != ${WAYS}; i++) if (s->tasks[i] == task) return &s->entries[i];
  return NULL;
}

static Entry * room (Set * s, gpointer task) {
  guint i;
  Entry * e = look (s, task), * oldest = &s->entries[0];
  for (i = 0; e == NULL && i != ${WAYS}; i++) {
    if (s->tasks[i] == NULL) e = &s->entries[i];
    else if (s->entries[i].used < oldest->used) oldest = &s->entries[i];
  }
  if (e == NULL) {
    e = oldest;
    escaped (${ESCAPES.indexOf("tasks")});
  }
  s->tasks[e - s->entries] = task;
  e->used = (gsize) g_atomic_pointer_add (&tasks.clock, 1);
  return e;
}

static void something_is_marked (void) {
  /* Once: it keeps questions from being answered at once, until clear. */
  if (tasks.marked == 0 && g_atomic_int_add (&tasks.marked, 1) == 0) g_atomic_int_add (&origins.live, 1);
}

static void mark (gpointer task, guint64 origin, guint64 resumed_by) {
  guint64 number = number_of (task);
  Set * s = set_of (task);
  Entry * e;
  gum_spinlock_acquire (&s->lock);
  if (origin == 0 && resumed_by == 0) {
    e = look (s, task);
    if (e != NULL) s->tasks[e - s->entries] = NULL;
  } else {
    e = room (s, task);
    e->number = number;
    e->origin = origin;
    e->resumed_by = resumed_by;
  }
  gum_spinlock_release (&s->lock);
  if (resumed_by != 0) tasks.resumed = 1;
  if (origin != 0 || resumed_by != 0) something_is_marked ();
}

static gint find (gpointer task, guint64 * origin, guint64 * resumed_by) {
  guint64 number = number_of (task);
  Set * s = set_of (task);
  Entry * e;
  gint found;
  gum_spinlock_acquire (&s->lock);
  e = look (s, task);
  found = e != NULL && e->number == number;
  *origin = found ? e->origin : 0;
  *resumed_by = found ? e->resumed_by : 0;
  if (found) e->used = tasks.clock;
  gum_spinlock_release (&s->lock);
  return found;
}

static void find_or_wait (gpointer task, guint64 * origin, guint64 * resumed_by) {
  gint i, found = find (task, origin, resumed_by);
  if (found || tasks.unmarked <= 0 || (tasks.with_numbers && number_of (task) <= tasks.floor)) return;
  for (i = 0; i != ${MOST_LOOKS} && tasks.unmarked > 0 && !found; i++) {
    if (i > ${BUSY_LOOKS + YIELDING_LOOKS}) usleep (${PAUSE_US});
    else if (i > ${BUSY_LOOKS}) g_thread_yield ();
    found = find (task, origin, resumed_by);
  }
  /* Its maker may wait for us in turn: then its origin is not known. */
  if (!found && !find (task, origin, resumed_by) && i == ${MOST_LOOKS}) escaped (${ESCAPES.indexOf("task-late")});
}

guint64 origin_of_task (gpointer task) {
  guint64 origin, resumed_by;
  if (tasks.marked == 0 && tasks.unmarked <= 0) return 0;
  find_or_wait (task, &origin, &resumed_by);
  return origin;
}

guint64 resumed_by_of_task (gpointer task) {
  guint64 origin, resumed_by;
  if (tasks.resumed == 0) return 0;
  find (task, &origin, &resumed_by);
  return resumed_by == origin ? 0 : resumed_by;
}

/* --- A task is made --- */

/* On the stack of the call that makes one; the innermost is the thread's where tasks have no numbers. */
typedef struct Making { gint active, marked; guint64 origin, resumed_by; struct Making * outer; } Making;

static void one_more (void) {
  /* Read before: no task that is being made now has a number that is not above it. */
  guint64 floor = tasks.seen;
  if (g_atomic_int_add (&tasks.unmarked, 1) == 0) tasks.floor = floor;
}

static void begin_making (Making * m, gsize sp) {
  m->active = 0;
  if (origins.live == 0) return;
  m->origin = origin_here (sp);
  m->resumed_by = tasks.resumed == 0 ? 0 : resumed_by_here (sp);
  /* Without numbers an address that comes again must be erased. */
  if (m->origin == 0 && m->resumed_by == 0 && tasks.with_numbers) return;
  m->active = 1;
  m->marked = 0;
  if (m->origin != 0) one_more ();
  if (tasks.with_numbers) return;
  m->outer = gum_tls_key_get_value (tasks.making);
  gum_tls_key_set_value (tasks.making, m);
}

static void mark_made (Making * m, gpointer task) {
  if (m->marked) return;
  m->marked = 1;
  mark (task, m->origin, m->resumed_by);
  if (m->origin != 0) g_atomic_int_add (&tasks.unmarked, -1);
}

static void end_making (Making * m, gpointer task) {
  if (!m->active) return;
  mark_made (m, task);
  if (!tasks.with_numbers) gum_tls_key_set_value (tasks.making, m->outer);
}

/* Where tasks have no numbers: the first job that is enqueued while a task is made is that task. */
static void enqueued (gpointer job) {
  Making * m;
  if (origins.live == 0) return;
  m = gum_tls_key_get_value (tasks.making);
  if (m != NULL) mark_made (m, job);
}

/* --- A task that is older than an origin goes on with its value --- */

/* The value is that of the origin for which the caller acts, or of none. */
static void goes_on (gpointer task, guint64 origin) {
  guint64 number;
  Set * s;
  Entry * e;
  if (origin == 0 && tasks.resumed == 0) return;
  number = number_of (task);
  s = set_of (task);
  gum_spinlock_acquire (&s->lock);
  e = look (s, task);
  if (e != NULL && e->number != number) {
    e->number = number;
    e->origin = 0;
  }
  if (e == NULL && origin != 0) {
    e = room (s, task);
    e->number = number;
    e->origin = 0;
  }
  if (e != NULL) e->resumed_by = origin;
  gum_spinlock_release (&s->lock);
  if (origin == 0) return;
  tasks.resumed = 1;
  something_is_marked ();
}

/* Of a call that puts a value into a stream: whether somebody waited for it. */
typedef struct Yielding { guint64 origin; gint taken; struct Yielding * outer; } Yielding;

static void resumed (gpointer task, gsize sp) {
  guint64 origin;
  Yielding * y;
  if (origins.live == 0) return;
  /* A task that resumes itself takes a value that lay ready: from whom is not known. */
  origin = tasks.current () == task ? 0 : origin_here (sp);
  goes_on (task, origin);
  y = gum_tls_key_get_value (tasks.yielding);
  if (y != NULL) y->taken = 1;
}

/* The value of a task that was made because of an origin, for an older task that waits for it. */
static void waits_for (gpointer task) {
  guint64 origin, resumed_by;
  gpointer current;
  if (tasks.marked == 0 || task == NULL || (current = tasks.current ()) == NULL) return;
  find_or_wait (task, &origin, &resumed_by);
  if (origin != 0 && origin != origin_of_task (current)) goes_on (current, origin);
}

/* --- As listeners, with Interceptor.attach --- */

#define LISTENER(name, body) \\
  void name (GumInvocationContext * ic) { g_atomic_int_add (&gate[0], 1); body; gate_leave (); }
#define DATA(type) GUM_IC_GET_INVOCATION_DATA (ic, type)
#define ARGUMENT(n) gum_invocation_context_get_nth_argument (ic, n)

LISTENER (create_enter, begin_making (DATA (Making), STACK_POINTER (ic)))
LISTENER (create_leave, end_making (DATA (Making), gum_invocation_context_get_return_value (ic)))
LISTENER (enqueue, enqueued (ARGUMENT (0)))
LISTENER (resume, resumed (ARGUMENT (0), STACK_POINTER (ic)))
LISTENER (future_wait, waits_for (ARGUMENT (1)))

static void begin_yielding (Yielding * y, gsize sp) {
  y->origin = origins.live == 0 ? 0 : origin_here (sp);
  if (y->origin == 0) return;
  y->taken = 0;
  y->outer = gum_tls_key_get_value (tasks.yielding);
  gum_tls_key_set_value (tasks.yielding, y);
}

/* Nobody waited: it is kept for a task that asks later, and that task will not be known to go on with it. */
static void end_yielding (Yielding * y) {
  if (y->origin == 0) return;
  gum_tls_key_set_value (tasks.yielding, y->outer);
  if (!y->taken) escaped (${ESCAPES.indexOf("value")});
}

LISTENER (yield_enter, begin_yielding (DATA (Yielding), STACK_POINTER (ic)))
LISTENER (yield_leave, end_yielding (DATA (Yielding)))

/* --- In the place of the functions. All of them have C's convention for what they take; none is an async function --- */

typedef struct { gpointer task, context; } Made;
typedef Made (* Create) (gsize flags, gpointer options, gpointer type, gpointer function, gpointer closure);
typedef void (* Two) (gpointer one, gpointer two);

Made fast_swift_task_create (gsize flags, gpointer options, gpointer type, gpointer function, gpointer closure) {
  Making m;
  Made made;
  g_atomic_int_add (&gate[0], 1);
  begin_making (&m, (gsize) &m);
  made = ((Create) gate_enter (FIRST_SLOT)) (flags, options, type, function, closure);
  gate_leave ();
  end_making (&m, made.task);
  gate_leave ();
  return made;
}

/* For a look whether this compiler passes pairs as the system's does: called with its own function, from outside. */
Made pair_of (gsize one, gpointer two, gpointer unused, gpointer unused_too, gpointer last) {
  Made made;
  made.task = GSIZE_TO_POINTER (one);
  made.context = last;
  return made;
}
Made pair_through (Create f, gsize one, gpointer last) { return f (one, NULL, NULL, NULL, last); }

#define FAST(name, i, first) \\
  void fast_##name (gpointer one, gpointer two) { \\
    g_atomic_int_add (&gate[0], 1); \\
    first; \\
    ((Two) gate_enter (FIRST_SLOT + i)) (one, two); \\
    gate_leave (); \\
    gate_leave (); \\
  }
FAST (swift_task_enqueueGlobal, 1, enqueued (one))
FAST (swift_task_enqueueMainExecutor, 2, enqueued (one))
FAST (swift_task_enqueueOnDispatchQueue, 3, enqueued (one))
FAST (swift_defaultActor_enqueue, 4, enqueued (one))
FAST (swift_continuation_resume, 5, resumed (one, (gsize) &one))
FAST (swift_continuation_throwingResume, 6, resumed (one, (gsize) &one))
FAST (swift_continuation_throwingResumeWithError, 7, resumed (one, (gsize) &one))

/* --- For the script --- */

/* Forget all tasks. The origins are cleared before. */
void clear (void) {
  if (tasks.sets != NULL && tasks.marked != 0) memset (tasks.sets, 0, sizeof (Set) * ${SETS});
  tasks.marked = tasks.resumed = tasks.unmarked = 0;
}
`;
