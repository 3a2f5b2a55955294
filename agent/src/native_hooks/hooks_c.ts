// C: what happens at a hooked method. No lock and no message but to plain accessors, nothing allocated but a copy of a handler.
import { IDS } from "../basics.js";
import { CPU_HELD_NS, KIND } from "./layout.js";

export const HOOKS_C = `
#if defined (HAVE_ARM64)
# define SP(ic) (ic)->cpu_context->sp
#elif GLIB_SIZEOF_VOID_P == 8
# define SP(ic) (ic)->cpu_context->rsp
#else
# error lane c needs 64 bits
#endif

typedef struct { Thread * thread; u64 of, cause, resumed_by, cpu_ns; const Image * image; u64 offset; Row * row; u32 depth, begins, internal, level, stack, at[4]; gpointer blocks[2]; } Call;

extern u32 stack_here (void);
extern volatile gint origins; /* how many are in force: the first member */
extern u64 origin_here (gsize sp);
extern u64 resumed_by_here (gsize sp);
extern gpointer walk (GumCpuContext * context);
extern Text * query_facts (gpointer options);
extern Row * look_up_row (gpointer access);

static void read_clocks (u32 * at) {
  long long spec[2];
  clock_gettime (${IDS.wall}, spec);
  at[0] = spec[0];
  at[1] = spec[1];
  clock_gettime (${IDS.continuous}, spec);
  at[2] = spec[0];
  at[3] = spec[1];
}

/* Return the thread's CPU time. Right after a reading the thread is assumed to have run since: wrong by CPU_HELD_NS at most. */
static u64 cpu_ns_at (Thread * t, const u32 * at) {
  u64 now_ns = (u64) at[2] * 1000000000 + at[3], since_ns = now_ns - t->cpu_read_ns;
  long long spec[2];
  if (since_ns < ${CPU_HELD_NS}) return t->cpu_ns + since_ns;
  clock_gettime (${IDS.threadCpu}, spec);
  t->cpu_read_ns = now_ns;
  t->cpu_ns = (u64) spec[0] * 1000000000 + spec[1];
  return t->cpu_ns;
}

/* Return the app's image that contains an address. */
static const Image * image_at (u64 address) {
  Images * all = LOAD (&control.images);
  int low = 0, high = (int) all->count - 1;
  while (low <= high) {
    int middle = (low + high) / 2;
    const Image * one = &all->images[middle];
    if (address < one->base) high = middle - 1;
    else if (address >= one->end) low = middle + 1;
    else return one;
  }
  return NULL;
}

/* Of parts that come after this one. */
static void read_size (GumInvocationContext * ic, double * size);
static void expect (GumInvocationContext * ic, const Hook * h, Call * c);
static void let_go (Call * c);

static void fill (Record * r, u32 kind, const Call * c, const u32 * at) {
  r->kind = kind;
  r->tid = c->thread->tid;
  r->internal = c->internal;
  r->flag = c->level;
  r->stack = c->stack;
  r->cause = c->cause;
  r->image = c->image == NULL ? NULL : c->image->name;
  r->offset = c->offset;
  memcpy (r->at, at, 16);
  c->thread->seen_s = at[2];
}

static void access (GumInvocationContext * ic, const Hook * h, Call * c) {
  gint64 values[2];
  u32 i, n = h->numbers + h->counts;
  const Text * facts = NULL;
  gpointer asset = NULL;
  Record * r;
  for (i = 0; i != n; i++) {
    gpointer value = gum_invocation_context_get_nth_argument (ic, h->at[i]);
    values[i] = i < h->numbers ? (gint) (gsize) value : count_of (value);
  }
  if (h->query != 0) {
    gpointer options = gum_invocation_context_get_nth_argument (ic, h->query);
    if (options != NULL) facts = query_facts (options);
  }
  if (h->asset != 0) asset = identifier_of (gum_invocation_context_get_nth_argument (ic, h->asset - 1));
  read_clocks (c->at);
  if (h->timed) c->cpu_ns = cpu_ns_at (c->thread, c->at);
  if (asset != NULL && !keep_text ()) { drop_own (); return; }
  r = claim (&c->of);
  if (r == NULL) {
    if (asset != NULL) forget_text ();
    return;
  }
  fill (r, ${KIND.access}, c, c->at);
  r->of = c->resumed_by;
  r->hook = h;
  r->facts = facts;
  r->asset = retained (asset);
  if (h->size) read_size (ic, r->size);
  r->values[0] = values[0];
  r->values[1] = values[1];
  commit (r, c->of);
}

static Thread * thread_of (GumInvocationContext * ic) {
  Thread * t = known ();
  if (t == NULL) t = adopt (gum_invocation_context_get_thread_id (ic));
  if (t == NULL) drop_own ();
  return t;
}

/* Decide whose call it is; returns whether an event of it is kept. */
static int classify_call (GumInvocationContext * ic, const Hook * h, Call * c) {
  Thread * t = c->thread;
  u64 from = (u64) (gsize) gum_invocation_context_get_return_address (ic) & control.mask, sp = SP (ic);
  Frame * top;
  drop_dead_frames (t, sp);
  c->depth = t->depth;
  top = t->depth == 0 ? NULL : &t->frames[t->depth - 1];
  c->cause = origins == 0 ? 0 : origin_here (sp);
  c->resumed_by = origins == 0 ? 0 : resumed_by_here (sp);
  c->image = image_at (from);
  c->internal = top != NULL && top->owner == 0 && c->image == NULL;
  if (c->internal && !control.internal) return 0;
  if (c->image == NULL) {
    from = (u64) (gsize) walk (ic->cpu_context) & control.mask;
    c->image = image_at (from);
  }
  c->offset = c->image == NULL ? 0 : from - c->image->base;
  push_frame (t, sp, 0);
  if (h->funnel && c->image == NULL) c->internal = 1;
  return !c->internal || control.internal;
}

static void coalesce (GumInvocationContext * ic, Call * c) {
  gpointer access = gum_invocation_context_get_nth_argument (ic, 2), cls;
  Row * row;
  u32 i;
  c->row = NULL;
  if (access == NULL) return;
  cls = object_getClass (access);
  for (i = 0; (row = LOAD (&control.rows[i])) != NULL; i++) {
    if (row->cls == cls && *(gpointer *) ((char *) access + row->offset) == row->service) { c->row = row; break; }
  }
  if (c->row == NULL) c->row = look_up_row (access);
  c->begins = LOAD (&control.begins);
}

void enter (GumInvocationContext * ic) {
  const Hook * h = GUM_IC_GET_FUNC_DATA (ic, const Hook *);
  Call * c = GUM_IC_GET_INVOCATION_DATA (ic, Call);
  Thread * t;
  c->thread = NULL;
  if (!LOAD (&control.running)) return;
  t = thread_of (ic);
  if (t == NULL) return;
  t->inside++;
  c->thread = t;
  c->of = 0;
  c->image = NULL;
  c->blocks[0] = c->blocks[1] = NULL;
  c->internal = c->level = c->stack = 0;
  if (h->kind == ${KIND.coalesce}) coalesce (ic, c);
  else if (!classify_call (ic, h, c)) {
    if (t->depth == c->depth) c->thread = NULL;
    c->begins = 0;
  } else {
    c->begins = 1;
    c->stack = stack_here ();
    if (h->level != 0) c->level = (gint) (gsize) gum_invocation_context_get_nth_argument (ic, h->level) == 1;
    if (h->kind == ${KIND.access}) access (ic, h, c);
    if (h->handlers != 0 && !c->internal) expect (ic, h, c);
  }
  t->inside--;
}

static void leave_coalesce (Call * c) {
  Text * text = c->row == NULL ? NULL : LOAD (&c->row->text);
  u64 number;
  Record * r;
  if (text == NULL || c->begins != LOAD (&control.begins)) return;
  read_clocks (c->at);
  r = claim (&number);
  if (r == NULL) return;
  fill (r, ${KIND.coalesce}, c, c->at);
  r->of = (u64) (gsize) text;
  commit (r, number);
}

static void leave_status (GumInvocationContext * ic, const Hook * h, Call * c) {
  u64 number;
  Record * r;
  read_clocks (c->at);
  r = claim (&number);
  if (r == NULL) return;
  fill (r, ${KIND.status}, c, c->at);
  r->hook = h;
  r->values[0] = (gint) (gsize) gum_invocation_context_get_return_value (ic);
  commit (r, number);
}

static void leave_timed (Call * c) {
  u32 at[4];
  u64 number;
  gint64 cpu_ns;
  Record * r;
  read_clocks (at);
  cpu_ns = cpu_ns_at (c->thread, at) - c->cpu_ns;
  r = claim (&number);
  if (r == NULL) return;
  fill (r, ${KIND.answer}, c, at);
  r->of = c->of;
  r->values[0] = ((gint64) at[2] - c->at[2]) * 1000000000 + ((gint64) at[3] - c->at[3]);
  r->values[1] = cpu_ns < 0 ? 0 : cpu_ns; /* it was carried too far at the start */
  commit (r, number);
}

void leave (GumInvocationContext * ic) {
  const Hook * h = GUM_IC_GET_FUNC_DATA (ic, const Hook *);
  Call * c = GUM_IC_GET_INVOCATION_DATA (ic, Call);
  Thread * t = c->thread;
  if (t == NULL) return;
  t->inside++;
  if (h->kind != ${KIND.coalesce} && t->depth > c->depth) t->depth = c->depth;
  if (h->kind == ${KIND.coalesce}) leave_coalesce (c);
  else if (h->kind == ${KIND.status}) { if (c->begins) leave_status (ic, h, c); }
  else if (h->timed && c->of != 0) leave_timed (c);
  let_go (c);
  t->inside--;
}

/* Write the registers that a backtrace starts from, in the order of stack_walk.ts. */
void registers (const GumCpuContext * from, u64 * to) {
#if defined (HAVE_ARM64)
  u32 i;
  *to++ = from->pc; *to++ = from->sp; *to++ = from->fp; *to++ = from->lr;
  for (i = 19; i != 29; i++) *to++ = from->x[i];
#else
  *to++ = from->rip; *to++ = from->rsp; *to++ = from->rbp; *to++ = from->rbx;
  *to++ = from->r12; *to++ = from->r13; *to++ = from->r14; *to++ = from->r15;
#endif
}
`;
