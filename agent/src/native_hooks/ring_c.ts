// C: the ring of events, threads and what is on their stacks. Compiled by the agent in the app (CModule, TinyCC).
//
// Numbers are tickets: one atomic addition gives an event its number and its place. Another one before it reserves room, so
// an event gets no number where the ring is full: such events are counted, and the drain then skips as many numbers, which
// the host sees as a gap. The drain reads in order, up to the first event that is not complete yet.
import { PUBLISHING_C } from "../publishing.js";
import { CONTROL_BYTES, FRAMES, KIND, MOST_KINDS, OUT_BYTES, RING, THREADS } from "./layout.js";

export const RING_C = `
#include <gum/guminterceptor.h>
#include <gum/gumspinlock.h>
#include <gum/gumtls.h>
#include <string.h>
${PUBLISHING_C}
typedef guint64 u64;
typedef guint u32;

typedef struct { u64 sp; u32 owner, mark; } Frame;
typedef struct { u32 generation, tid; volatile u32 depth, inside; u32 seen_s, index; u64 cpu_ns, cpu_read_ns, site_sp, site_from; u32 calls, pad; Frame frames[${FRAMES}]; } Thread;
typedef struct { u32 length; char text[4]; } Text;
typedef struct { u64 base, end; const Text * name; u64 pad; } Image;
typedef struct { u64 count; Image images[1]; } Images;
typedef struct { gpointer cls; u64 offset; gpointer service; Text * volatile text; } Row;
typedef struct { u32 at, data, info, error, success, pad; } Handler;
/* asset: the argument's number plus 1. */
typedef struct { u32 kind, timed, funnel, level, numbers, counts, at[2]; const char * head; u64 head_length; const char * names[2]; u64 name_lengths[2]; u32 query, asset, size, handlers; Handler handler[2]; } Hook;
typedef struct {
  volatile gssize number;
  u32 kind, tid, internal, flag, stack, pad;
  u32 at[4];
  u64 cause, of; /* of an access, what it was resumed by */
  const Text * image;
  u64 offset;
  const Hook * hook;
  gint64 values[2];
  const Text * facts; /* of an access, more of its detail; of a delivery, its error */
  gpointer asset; /* the text of its identifier, retained */
  double size[2];
} Record;
typedef struct {
  volatile gssize ticket; char p0[56];
  volatile gssize room; char p1[56];
  volatile gssize dropped, texts; char p2[48];
  u64 tail, first; u32 count, bytes, own, more; u64 lost; u32 fresh_count, segment; gint64 shift; u64 since;
  volatile u32 running, internal, begins, asleep;
  GumTlsKey key; u64 mask; Images * volatile images; Row * volatile * rows;
  volatile gsize kinds[${MOST_KINDS}]; GumSpinlock lock; Record * ring; u64 last;
} Control;

extern Control control;
extern Thread threads[${THREADS}];
extern volatile guint8 announced[];
extern u32 fresh[];
extern char out[${OUT_BYTES}];
extern int clock_gettime (int id, void * spec);
extern void wake (void);

void prepare (void) {
  memset (&control, 0, ${CONTROL_BYTES});
  memset (threads, 0, sizeof (Thread) * ${THREADS});
  control.key = gum_tls_key_new ();
  gum_spinlock_init (&control.lock);
}

/* Keys are few: a process has some hundreds. */
void finalize (void) { gum_tls_key_free (control.key); }

/* Take a ring of so many records. A new file is empty. */
void begin (Record * ring, u32 records) {
  /* At first its memory is fresh: to write to all of it takes 2 ms. */
  if (control.ticket != 0 && records == ${RING}) memset (ring, 0, sizeof (Record) * ${RING});
  control.ring = ring;
  control.last = records - 1;
  control.ticket = control.tail = 1;
  control.room = records;
  control.dropped = control.lost = control.texts = 0;
}

static u64 take (void) {
  if (g_atomic_pointer_add (&control.room, -1) > 0) return g_atomic_pointer_add (&control.ticket, 1);
  g_atomic_pointer_add (&control.room, 1);
  return 0;
}

static Record * place (u64 number) { return &control.ring[number & control.last]; }

/* The addition is a barrier: a thread that sees the number sees the record. */
static void publish (Record * r, u64 number) { g_atomic_pointer_add (&r->number, (gssize) number - LOAD (&r->number)); }

static Record * claim (u64 * number) {
  *number = take ();
  if (*number != 0) return place (*number);
  g_atomic_pointer_add (&control.dropped, 1);
  return NULL;
}

/* The drain's timer is woken once. */
static void wake_up (void) {
  u32 was;
  gum_spinlock_acquire (&control.lock);
  was = LOAD (&control.asleep);
  if (was) g_atomic_int_add ((volatile gint *) &control.asleep, -1);
  gum_spinlock_release (&control.lock);
  if (was) wake ();
}

static void commit (Record * r, u64 number) {
  publish (r, number);
  if (LOAD (&control.asleep)) wake_up ();
}

/* Have the next event call wake; returns whether one has come since the last drain. An event takes its number before it looks
   whether the timer sleeps, and here it is the other way round: one of the two sees the other. */
u32 fall_asleep (void) {
  gum_spinlock_acquire (&control.lock);
  if (!LOAD (&control.asleep)) g_atomic_int_add ((volatile gint *) &control.asleep, 1);
  gum_spinlock_release (&control.lock);
  return (u64) g_atomic_pointer_add (&control.ticket, 0) != control.tail;
}

/* Return a number for an event that the script keeps; 0 where the ring is full. */
double claim_own (void) {
  u64 number = take ();
  if (number == 0) return 0;
  place (number)->kind = ${KIND.script};
  publish (place (number), number);
  return (double) (gint64) number;
}

void drop_own (void) { g_atomic_pointer_add (&control.dropped, 1); }

static Thread * adopt (u32 tid) {
  Thread * t = NULL;
  u32 i, oldest = 0xffffffff;
  gum_spinlock_acquire (&control.lock);
  for (i = 0; i != ${THREADS}; i++) {
    Thread * one = &threads[i];
    if (one->tid == tid) { t = one; break; }
    if (oldest == 0 || one->depth != 0 || one->inside != 0) continue;
    if (one->tid == 0) { t = one; oldest = 0; }
    else if (one->seen_s < oldest) { t = one; oldest = one->seen_s; }
  }
  if (t != NULL) {
    t->generation = (t->generation + 1) & 0xffffff;
    if (t->generation == 0) t->generation = 1;
    t->tid = tid;
    t->depth = t->inside = 0;
    t->seen_s = 0xfffffffe;
    t->cpu_read_ns = t->site_sp = 0;
    t->index = t - threads;
    gum_tls_key_set_value (control.key, (gpointer) (gsize) ((u64) t->generation << 16 | (t - threads)));
  }
  gum_spinlock_release (&control.lock);
  return t;
}

static Thread * known (void) {
  u64 tag = (u64) (gsize) gum_tls_key_get_value (control.key);
  Thread * t = &threads[tag & 0xffff];
  return tag != 0 && t->generation == tag >> 16 ? t : NULL;
}

/* Return the calling thread's index; -1 where there are too many threads. */
int here (u32 tid) {
  Thread * t = known ();
  if (t == NULL) t = adopt (tid);
  return t == NULL ? -1 : t - threads;
}

u32 count_inside (void) {
  u32 i, n = 0;
  for (i = 0; i != ${THREADS}; i++) n += threads[i].inside;
  return n;
}
`;
