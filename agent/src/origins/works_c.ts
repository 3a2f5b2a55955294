// C: work that was handed on because of an origin and has not run yet. Where its code runs, the origin is in force again.
//
// Whose work it is, its own code says: who called dispatch_async may be a library of the system that calls for the app, and
// is not on the stack after a tail call. Its code is hooked, by one thread at a time, and the work is recognised when the system calls it.
import { ESCAPES } from "./layout.js";

const escape = (sort: (typeof ESCAPES)[number]): number => ESCAPES.indexOf(sort);

/** Of work: sets of places, a hash finds the set. */
const SETS = 8192;
const WAYS = 8;
const MESSAGES = 512;
const CODES = 4096;
export const SOURCES = 64;
/** How long after it is due a message may still come. */
const MESSAGE_NS = 60_000_000_000;
const EARLY_NS = 5_000_000;

/** Bytes of the structure Works: what the script allocates. */
export const WORKS_BYTES = 64 + SETS * (8 + WAYS * 48) + MESSAGES * 48 + CODES * 8 + SOURCES * 8 + 4096;

export const WORKS_C = `
extern gint is_app_code (gsize address);
extern gint origin_enter (gsize sp, guint64 number);
extern void origin_leave (gint place);
extern guint64 origin_here (gsize sp);
extern volatile gint * origin_handing (gint needed);
extern void origin_handed (void);
extern void escaped (gint sort);
extern gpointer block_copy (gpointer block);
extern void block_release (gpointer block);
extern guint8 stack_block[];
extern gpointer objc_msgSend (gpointer object, gpointer selector, ...);
extern gpointer selector_retain, selector_release;
extern gint attach_code (gpointer code);
extern int clock_gettime (int id, void * spec);
extern GMutex code_lock;

typedef struct { gpointer isa; gint flags, reserved; gpointer invoke; gsize * descriptor; } Block;
#define BLOCK_COUNT 0xffff
#define BLOCK_NEEDS_FREE (1 << 24)
#define BLOCK_IS_GLOBAL (1 << 28)
#define BLOCK_MOST 4096

/* BLOCK and OBJECT are kept alive until they have run; NOW runs until its call returns. */
enum { BLOCK = 1, OBJECT, CALL, NOW };

/* A key of 0 is a free place; contexts may be NULL, so a key is an address plus 1. */
typedef struct { gsize key; gpointer code; guint64 origin; gsize stamp; gint kind, runs; guint64 pad; } Work;
typedef struct { GumSpinlock lock; Work places[${WAYS}]; } Set;
typedef struct { gpointer target, code, argument; guint64 origin; guint64 due_ns; gint runs, pad; } Message;

typedef struct {
  /* How many works wait, with messages: without any, a call that hands on outside of an origin is not looked at. */
  volatile gint waiting, messages_used;
  volatile gsize stamp;
  gsize mask;
  GumSpinlock lock;
  gpointer volatile codes[${CODES}];
  gpointer sources[${SOURCES}];
  Message messages[${MESSAGES}];
  Set sets[${SETS}];
} Works;
extern Works works;

static gsize plain (gpointer code) { return GPOINTER_TO_SIZE (code) & works.mask; }

static guint64 now_ns (void) {
  long long spec[2];
  clock_gettime (CLOCK_ID, spec);
  return (guint64) spec[0] * 1000000000 + spec[1];
}

/* The memory is new, and so zero. */
void works_prepare (gsize mask) { works.mask = mask; }

/* --- Code --- */

static gint code_place (gsize code) { return (gint) (((code >> 2) * 0x9e3779b97f4a7c15UL) >> 52) & ${CODES - 1}; }

static gint knows (gsize code) {
  gint i = code_place (code), n;
  gsize known;
  for (n = 0; n != ${CODES} && (known = GPOINTER_TO_SIZE (LOAD (&works.codes[i]))) != 0; n++, i = (i + 1) & ${CODES - 1})
    if (known == code) return TRUE;
  return FALSE;
}

/* Have some code hooked before it can run. One at a time: of what two threads attach at once, nothing takes effect before both
   are done, and the first would go on before that. */
static gint need_code (gsize code) {
  gint i, n, done;
  if (knows (code)) return TRUE;
  g_mutex_lock (&code_lock);
  done = knows (code);
  if (!done && attach_code (GSIZE_TO_POINTER (code))) {
    i = code_place (code);
    for (n = 0; n != ${CODES} / 2 && works.codes[i] != NULL; n++) i = (i + 1) & ${CODES - 1};
    if (works.codes[i] == NULL) {
      put_word (&works.codes[i], code);
      done = TRUE;
    }
  }
  g_mutex_unlock (&code_lock);
  if (!done) escaped (${escape("unhookable")});
  return done;
}

/* --- Works --- */

static Set * set_of (gsize key, gsize code) { return &works.sets[(((key >> 4) ^ code) * 0x9e3779b97f4a7c15UL >> 40) & ${SETS - 1}]; }

static Work * look (Set * s, gsize key, gsize code) {
  guint i;
  for (i = 0; i != ${WAYS}; i++) if (s->places[i].key == key + 1 && GPOINTER_TO_SIZE (s->places[i].code) == code) return &s->places[i];
  return NULL;
}

static void let_go (gint kind, gsize key, gint runs) {
  for (; runs > 0; runs--) {
    if (kind == BLOCK) block_release (GSIZE_TO_POINTER (key));
    else if (kind == OBJECT) objc_msgSend (GSIZE_TO_POINTER (key), selector_release);
  }
}

static Work * room (Set * s, Work * dropped) {
  guint i;
  Work * w = NULL;
  for (i = 0; i != ${WAYS}; i++) {
    if (s->places[i].key == 0) { w = &s->places[i]; dropped->key = 0; g_atomic_int_add (&works.waiting, 1); return w; }
    if (w == NULL || s->places[i].stamp < w->stamp) w = &s->places[i];
  }
  *dropped = *w;
  escaped (${escape("overflow")});
  return w;
}

static void free_place (Work * w) {
  w->key = 0;
  g_atomic_int_add (&works.waiting, -1);
}

/* Note work that waits; it was retained already. Returns FALSE where the same work waits because of another origin. */
static gint await (gint kind, gsize key, gsize code, guint64 origin) {
  Set * s = set_of (key, code);
  Work * w, dropped;
  gint fits = TRUE;
  dropped.key = 0;
  gum_spinlock_acquire (&s->lock);
  w = look (s, key, code);
  if (w != NULL) {
    fits = w->origin == origin;
    if (fits) w->runs++;
    else if (kind == CALL) {
      /* Which of them runs first cannot be seen. */
      if (w->origin != 0) escaped (${escape("ambiguous")});
      w->origin = 0;
      w->runs++;
      fits = TRUE;
    }
  } else if (origin != 0) {
    w = room (s, &dropped);
    w->key = key + 1;
    w->code = GSIZE_TO_POINTER (code);
    w->origin = origin;
    w->kind = kind;
    w->runs = 1;
    w->stamp = (gsize) g_atomic_pointer_add (&works.stamp, 1);
  }
  gum_spinlock_release (&s->lock);
  if (dropped.key != 0) let_go (dropped.kind, dropped.key - 1, dropped.runs);
  return fits;
}

static gint waits (gsize key, gsize code) {
  Set * s = set_of (key, code);
  gint found;
  gum_spinlock_acquire (&s->lock);
  found = look (s, key, code) != NULL;
  gum_spinlock_release (&s->lock);
  return found;
}

/* Take one run of some work; returns its kind, 0 for none. */
static gint take (gsize key, gsize code, guint64 * origin) {
  Set * s = set_of (key, code);
  Work * w;
  gint kind = 0;
  gum_spinlock_acquire (&s->lock);
  w = look (s, key, code);
  if (w != NULL) {
    kind = w->kind;
    *origin = w->origin;
    if (kind != NOW && --w->runs == 0) free_place (w);
  }
  gum_spinlock_release (&s->lock);
  return kind;
}

/* The call that runs this work has returned. */
static void forget_now (gsize key, gsize code) {
  Set * s = set_of (key, code);
  Work * w;
  gum_spinlock_acquire (&s->lock);
  w = look (s, key, code);
  if (w != NULL && w->kind == NOW && --w->runs == 0) free_place (w);
  gum_spinlock_release (&s->lock);
}

/* --- Messages: few, and recognised by what is sent, because the object is not ours to keep --- */

static void drop_message (Message * m) {
  m->runs = 0;
  g_atomic_int_add (&works.waiting, -1);
}

static void await_message (gpointer target, gsize code, gpointer argument, guint64 origin, guint64 due_ns) {
  gint i;
  Message * free = NULL, * m;
  guint64 now = now_ns ();
  gum_spinlock_acquire (&works.lock);
  for (i = 0; i != works.messages_used; i++) {
    m = &works.messages[i];
    if (m->runs != 0 && now > m->due_ns + ${MESSAGE_NS}UL) drop_message (m);
    if (m->runs == 0) { if (free == NULL) free = m; continue; }
    if (m->target != target || GPOINTER_TO_SIZE (m->code) != code || m->argument != argument) continue;
    if (m->origin != origin) {
      if (m->origin != 0) escaped (${escape("ambiguous")});
      m->origin = 0;
    }
    m->runs++;
    m->due_ns = MIN (m->due_ns, due_ns);
    gum_spinlock_release (&works.lock);
    return;
  }
  if (origin != 0) {
    if (free == NULL && works.messages_used != ${MESSAGES}) free = &works.messages[works.messages_used++];
    if (free == NULL) escaped (${escape("overflow")});
    else {
      free->target = target;
      free->code = GSIZE_TO_POINTER (code);
      free->argument = argument;
      free->origin = origin;
      free->due_ns = due_ns;
      free->runs = 1;
      g_atomic_int_add (&works.waiting, 1);
    }
  }
  gum_spinlock_release (&works.lock);
}

/* Take back messages to an object, or those with an argument: a timer that is new has not fired. */
static void cancel_messages (gpointer target, gpointer argument) {
  gint i;
  gum_spinlock_acquire (&works.lock);
  for (i = 0; i != works.messages_used; i++) {
    Message * m = &works.messages[i];
    if (m->runs != 0 && m->target == target && (argument == NULL || m->argument == argument)) drop_message (m);
  }
  gum_spinlock_release (&works.lock);
}

static gint take_message (gpointer target, gsize code, gpointer argument, guint64 * origin) {
  gint i, found = FALSE;
  guint64 now;
  if (works.messages_used == 0) return FALSE;
  now = now_ns ();
  gum_spinlock_acquire (&works.lock);
  for (i = 0; i != works.messages_used && !found; i++) {
    Message * m = &works.messages[i];
    if (m->runs == 0 || m->target != target || GPOINTER_TO_SIZE (m->code) != code || m->argument != argument) continue;
    if (now + ${EARLY_NS} < m->due_ns) continue;
    found = now <= m->due_ns + ${MESSAGE_NS}UL;
    *origin = m->origin;
    if (!found || --m->runs == 0) drop_message (m);
  }
  gum_spinlock_release (&works.lock);
  return found;
}

/* --- Where work runs: listeners on its code --- */

typedef struct { gsize key; gint kind, place, handing; volatile gint * hands; } Run;

void code_enter (GumInvocationContext * ic) {
  Run * r = GUM_IC_GET_INVOCATION_DATA (ic, Run);
  gsize code = GPOINTER_TO_SIZE (GUM_IC_GET_FUNC_DATA (ic, gpointer)), sp = STACK_POINTER (ic);
  gpointer first;
  guint64 origin = 0;
  r->kind = 0;
  r->place = -1;
  if (works.waiting == 0) return;
  /* The system runs what was handed on. Where the app itself calls the same code, that is another call. */
  if (is_app_code (plain (gum_invocation_context_get_return_address (ic)))) return;
  first = gum_invocation_context_get_nth_argument (ic, 0);
  r->key = GPOINTER_TO_SIZE (first);
  r->kind = take (r->key, code, &origin);
  if (r->kind == 0) {
    if (origin_here (sp) != 0) return;
    if (!take_message (first, code, gum_invocation_context_get_nth_argument (ic, 2), &origin)) return;
    r->kind = CALL;
  }
  r->place = origin_enter (sp, origin);
  r->hands = origin_handing (FALSE);
  if (r->hands != NULL) {
    r->handing = *r->hands;
    *r->hands = FALSE;
  }
}

void code_leave (GumInvocationContext * ic) {
  Run * r = GUM_IC_GET_INVOCATION_DATA (ic, Run);
  if (r->kind == 0) return;
  if (r->place >= 0 && r->hands != NULL) *r->hands = r->handing;
  origin_leave (r->place);
  let_go (r->kind, r->key, 1);
}

/* When nothing is hooked any more: let go of what has not run. */
void works_clear (void) {
  gint i, k;
  for (i = 0; works.stamp != 0 && i != ${SETS}; i++) {
    for (k = 0; k != ${WAYS}; k++) {
      Work w = works.sets[i].places[k];
      if (w.key == 0) continue;
      works.sets[i].places[k].key = 0;
      let_go (w.kind, w.key - 1, w.runs);
    }
  }
  works.stamp = 0;
  memset ((void *) works.codes, 0, sizeof (works.codes));
  memset (works.sources, 0, sizeof (works.sources));
  memset (works.messages, 0, sizeof (works.messages));
  works.messages_used = works.waiting = 0;
}
`;
