// C: the handlers of requests: a copy of each that only its request has, and what is delivered when the copy is called.
//
// The code of a block is hooked in place, and the block is recognised by its address: see ../probes/completion_blocks.ts. Of several
// blocks at one address the latest is alive. Where a set of addresses is full, the oldest gives way.
import { DELIVERIES, ERROR, KIND, KINDS } from "./layout.js";

const IS_SMALL = 1 << 22;
const IS_GLOBAL = 1 << 28;
const MOST_BLOCK = 512;

/** After HOOKS_C. */
export const DELIVERIES_C = `
typedef struct { gpointer isa; gint flags, reserved; gpointer invoke; const u64 * descriptor; } Block;
typedef struct { gpointer block; const Handler * handler; u64 of, cause; } Awaited;
typedef struct { gpointer degraded, error, cancelled, look_up, flag, length; } DeliveryKeys;

extern Awaited awaited[${DELIVERIES.sets * DELIVERIES.ways}];
extern GumSpinlock awaited_locks[${DELIVERIES.locks}];
extern volatile gsize handler_code[${DELIVERIES.code}];
extern DeliveryKeys delivery_keys;
extern gpointer stack_class;
extern gpointer block_copy (gpointer block);
extern void block_release (gpointer block);
extern gpointer hook_handler (gpointer block, u32 own);
extern void unwatched (double of);
extern const Text * error_text (gpointer error);

static u32 place_of (gsize address) { return ((u64) address * MIX) >> 40; }

/* No thread is in a hook. */
void forget_handlers (void) {
  u32 i;
  memset (awaited, 0, sizeof (awaited));
  memset ((void *) handler_code, 0, sizeof (handler_code));
  for (i = 0; i != ${DELIVERIES.locks}; i++) gum_spinlock_init (&awaited_locks[i]);
}

/* Called by one thread at a time, once the code has its hook. What finds no place is asked for again. */
void add_handler_code (gpointer code) {
  u32 i = place_of ((gsize) code), n;
  for (n = 0; n != ${DELIVERIES.code / 2}; n++, i++) {
    volatile gsize * at = &handler_code[i & ${DELIVERIES.code - 1}];
    if (*at == (gsize) code) return;
    if (*at == 0) { put_word (at, (gsize) code); return; }
  }
}

static u32 is_handler_code (gsize code) {
  u32 i = place_of (code), n;
  for (n = 0; n != ${DELIVERIES.code / 2}; n++, i++) {
    gsize known = LOAD (&handler_code[i & ${DELIVERIES.code - 1}]);
    if (known == code) return 1;
    if (known == 0) return 0;
  }
  return 0;
}

/* Copy a block to the heap, as its receiver would; a global one, which all calls share, gets a copy of its own. Not where its
   code pointer is signed for its address, or its size cannot be read. */
static gpointer own_block (Block * b, u32 * own) {
  u64 twin[${MOST_BLOCK / 8}];
  u64 size;
  *own = 1;
  if (!(b->flags & ${IS_GLOBAL})) return block_copy (b);
  *own = ((u64) (gsize) b->invoke & control.mask) == (u64) (gsize) b->invoke && !(b->flags & ${IS_SMALL});
  if (!*own) return b;
  size = ((const u64 *) (gsize) ((u64) (gsize) b->descriptor & control.mask))[1];
  if (size > ${MOST_BLOCK}) { *own = 0; return b; }
  memcpy (twin, b, size);
  ((Block *) twin)->isa = stack_class;
  ((Block *) twin)->flags &= ~${IS_GLOBAL};
  return block_copy (twin);
}

/* Return a hooked block to pass on in place of a handler; NULL where there can be none. */
static gpointer follow (gpointer handler, u32 * own) {
  gsize code;
  gpointer block, hooked;
  if (!is_readable (handler) || kind_of (handler) != ${KINDS.NSBlock} || ((Block *) handler)->invoke == NULL) return NULL;
  code = (gsize) ((u64) (gsize) ((Block *) handler)->invoke & control.mask);
  block = own_block (handler, own);
  if (is_handler_code (code)) return block;
  hooked = hook_handler (block, *own);
  if (hooked != block) *own = 1; /* one of ours, which calls it */
  return hooked;
}

static void await_block (gpointer block, const Handler * handler, u64 of, u64 cause) {
  u32 at = place_of ((gsize) block) & ${DELIVERIES.sets - 1}, i;
  Awaited * set = &awaited[at * ${DELIVERIES.ways}], * one = set;
  gum_spinlock_acquire (&awaited_locks[at & ${DELIVERIES.locks - 1}]);
  for (i = 0; i != ${DELIVERIES.ways}; i++) {
    if (set[i].block == block) { one = &set[i]; break; }
    if (set[i].of < one->of) one = &set[i];
  }
  one->block = block;
  one->handler = handler;
  one->of = of;
  one->cause = cause;
  gum_spinlock_release (&awaited_locks[at & ${DELIVERIES.locks - 1}]);
}

static u32 find_awaited (gpointer block, Awaited * found) {
  u32 at = place_of ((gsize) block) & ${DELIVERIES.sets - 1}, i;
  Awaited * set = &awaited[at * ${DELIVERIES.ways}];
  gum_spinlock_acquire (&awaited_locks[at & ${DELIVERIES.locks - 1}]);
  for (i = 0; i != ${DELIVERIES.ways} && set[i].block != block; i++) ;
  if (i != ${DELIVERIES.ways}) *found = set[i];
  gum_spinlock_release (&awaited_locks[at & ${DELIVERIES.locks - 1}]);
  return i != ${DELIVERIES.ways};
}

/* Follow the handlers of a call that has its event. The copies are released when the call returns. */
static void expect (GumInvocationContext * ic, const Hook * h, Call * c) {
  u32 i, own;
  for (i = 0; i != h->handlers; i++) {
    const Handler * one = &h->handler[i];
    gpointer given = gum_invocation_context_get_nth_argument (ic, one->at), block;
    if (given == NULL) continue;
    block = follow (given, &own);
    if (block == NULL) {
      unwatched ((double) (gint64) c->of);
      continue;
    }
    await_block (block, one, c->of, c->cause);
    if (own) c->blocks[i] = block;
    if (block != given) gum_invocation_context_replace_nth_argument (ic, one->at, block);
  }
}

static void let_go (Call * c) {
  if (c->blocks[0] != NULL) block_release (c->blocks[0]);
  if (c->blocks[1] != NULL) block_release (c->blocks[1]);
}

static gpointer look_up (gpointer dictionary, gpointer key) {
  if (key == NULL || !is_kind (dictionary, ${KINDS.NSDictionary})) return NULL;
  return (gpointer) ((gsize (*) (gpointer, gpointer, gpointer)) objc_msgSend) (dictionary, delivery_keys.look_up, key);
}

static u32 is_true (gpointer number) { return is_kind (number, ${KINDS.NSNumber}) && (objc_msgSend (number, delivery_keys.flag) & 0xff) != 0; }

/* Say what a handler is given, before code of the app runs. */
static void deliver (GumInvocationContext * ic, const Thread * t, const Awaited * a) {
  const Handler * h = a->handler;
  gpointer info = h->info == 0 ? NULL : gum_invocation_context_get_nth_argument (ic, h->info), error = NULL;
  const Text * text = NULL;
  gint64 bytes = -1;
  u32 at[4], sort = ${ERROR.none}, degraded;
  u64 number;
  Record * r;
  read_clocks (at);
  degraded = is_true (look_up (info, delivery_keys.degraded));
  if (h->data != 0) {
    gpointer data = gum_invocation_context_get_nth_argument (ic, h->data);
    if (is_kind (data, ${KINDS.NSData})) bytes = objc_msgSend (data, delivery_keys.length);
  }
  if (h->error != 0) error = gum_invocation_context_get_nth_argument (ic, h->error);
  if (error == NULL && h->success == 0) error = look_up (info, delivery_keys.error);
  if (error != NULL) { text = error_text (error); sort = ${ERROR.text}; }
  else if (h->success != 0) { if (((gsize) gum_invocation_context_get_nth_argument (ic, h->success) & 0xff) == 0) sort = ${ERROR.failed}; }
  else if (is_true (look_up (info, delivery_keys.cancelled))) sort = ${ERROR.cancelled};
  r = claim (&number);
  if (r == NULL) return;
  r->kind = ${KIND.delivery};
  r->tid = t->tid;
  r->flag = degraded;
  r->stack = sort;
  memcpy (r->at, at, 16);
  r->of = a->of;
  r->values[0] = bytes;
  r->facts = text;
  commit (r, number);
}

void deliver_enter (GumInvocationContext * ic) {
  AppCode * code = GUM_IC_GET_INVOCATION_DATA (ic, AppCode);
  Awaited one;
  Thread * t;
  code->thread = NULL;
  if (!LOAD (&control.running) || !find_awaited (gum_invocation_context_get_nth_argument (ic, 0), &one)) return;
  t = thread_of (ic);
  if (t == NULL) return;
  t->inside++;
  deliver (ic, t, &one);
  app_code_enter (code, t, SP (ic), one.cause);
  t->inside--;
}

void deliver_leave (GumInvocationContext * ic) {
  AppCode * code = GUM_IC_GET_INVOCATION_DATA (ic, AppCode);
  Thread * t = code->thread;
  if (t == NULL) return;
  t->inside++;
  app_code_leave (code);
  t->inside--;
}

static char * put_delivery (char * to, const Record * r) {
  to = put_head (to, "delivery", 8, r);
  PUT (",\\"of\\":");
  to = put_reference (to, r->of);
  PUT (",\\"bytes\\":");
  if (r->values[0] < 0) PUT ("null"); else to = put_signed (to, r->values[0]);
  if (r->flag) PUT (",\\"degraded\\":true,\\"error\\":"); else PUT (",\\"degraded\\":false,\\"error\\":");
  switch (r->stack) {
    case ${ERROR.failed}: PUT ("\\"failed\\""); break;
    case ${ERROR.cancelled}: PUT ("\\"cancelled\\""); break;
    case ${ERROR.text}: to = put (to, r->facts->text, r->facts->length); break;
    default: PUT ("null");
  }
  *to++ = '}';
  return to;
}
`;
