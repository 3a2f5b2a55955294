// C: the hooks on the functions that hand work on. Outside of any origin they cost a look at two counters.
import type { Way } from "./handoffs.js";
import { ESCAPES } from "./layout.js";
import { SOURCES } from "./works_c.js";

const KINDS: readonly Way["kind"][] = [
  "block", "block-now", "function", "function-now", "message", "timer", "object", "objects", "source", "source-block", "source-function", "cancel",
];

const name = (kind: string): string => `WAY_${kind.replace("-", "_").toUpperCase()}`;

/** The parameters of a hook, as C has them: kind, and up to three arguments. */
export function rowOf(way: Way): string {
  const { kind } = way;
  const args = "target" in way ? [way.target, way.selector, "argument" in way ? way.argument : 0] : "context" in way ? [way.at, way.context, 0] : "at" in way ? [way.at, 0, 0] : [0, 0, 0];
  return `{ ${name(kind)}, ${args.join(", ")}, ${"delayed" in way ? 1 : 0} }`;
}

const ROW = `
typedef struct { gint way, at, second, third, delayed; } Row;
`;

const FUNCTIONS = `
extern gpointer class_of (gpointer object);
extern gpointer implementation_of (gpointer cls, gpointer selector);
extern gpointer timer_type, selector_main, selector_start, selector_count, selector_object_at;

/* One call that hands work on: its arguments, and what is to do when it returns. */
typedef struct { const Row * row; guint64 origin; gsize key, code; gpointer dropped; gint handing; gsize v[8]; } Handing;

/* A signature is for the address at which the pointer is kept: elsewhere the processor refuses it. */
static gint is_signed (gpointer pointer) { return plain (pointer) != GPOINTER_TO_SIZE (pointer); }

/* Return a copy of a block that is this request's own; NULL where it cannot be made. */
static gpointer twin (const Block * block) {
  guint64 room[BLOCK_MOST / 8];
  Block * one = (Block *) room;
  gsize size = ((gsize *) plain (block->descriptor))[1];
  if (size < sizeof (Block) || size > BLOCK_MOST || is_signed (block->descriptor) || is_signed (block->invoke)) return NULL;
  memcpy (one, block, size);
  one->isa = stack_block;
  one->flags &= ~(BLOCK_IS_GLOBAL | BLOCK_NEEDS_FREE | BLOCK_COUNT);
  return block_copy (one);
}

/* Return the block to hand on in the place of one. */
static gsize hand_block (Handing * h, gsize given) {
  guint64 origin = h->origin;
  Block * block = GSIZE_TO_POINTER (given), * own;
  gsize code;
  if (block == NULL) return given;
  code = plain (block->invoke);
  if (!is_app_code (code)) return given;
  if (origin == 0) {
    /* The same block may wait because of an origin: this run is another one. */
    if (!waits (given, code) || (own = twin (block)) == NULL) return given;
    h->dropped = own; /* what takes it has retained it then */
    return GPOINTER_TO_SIZE (own);
  }
  if (!need_code (code)) return given;
  own = block->flags & BLOCK_IS_GLOBAL ? twin (block) : block_copy (block);
  if (own != NULL && await (BLOCK, GPOINTER_TO_SIZE (own), code, origin)) return GPOINTER_TO_SIZE (own);
  if (own != NULL) {
    block_release (own);
    own = twin (block);
    if (own != NULL && await (BLOCK, GPOINTER_TO_SIZE (own), code, origin)) return GPOINTER_TO_SIZE (own);
  }
  escaped (UNHOOKABLE);
  return given;
}

static gsize code_of (gpointer object, gpointer selector) {
  gsize code = plain (implementation_of (class_of (object), selector));
  return is_app_code (code) ? code : 0;
}

static void hand_object (gpointer object, guint64 origin) {
  gsize code;
  if (object == NULL) return;
  code = code_of (object, selector_main);
  if (code == 0) code = code_of (object, selector_start);
  if (code == 0 || origin == 0 || waits (GPOINTER_TO_SIZE (object), code) || !need_code (code)) return;
  objc_msgSend (object, selector_retain);
  if (!await (OBJECT, GPOINTER_TO_SIZE (object), code, origin)) objc_msgSend (object, selector_release);
}

static void hand_objects (gpointer all, guint64 origin) {
  gsize i, n = all == NULL ? 0 : (gsize) objc_msgSend (all, selector_count);
  for (i = 0; i != n; i++) hand_object (objc_msgSend (all, selector_object_at, i), origin);
}

static void hand_message (const Handing * h, gpointer argument, guint64 due_ns) {
  gpointer target = GSIZE_TO_POINTER (h->v[h->row->at]);
  gsize code;
  if (target == NULL) return;
  code = code_of (target, GSIZE_TO_POINTER (h->v[h->row->second]));
  if (code == 0 || (h->origin != 0 && !need_code (code))) return;
  await_message (target, code, argument, h->origin, due_ns);
}

/* Note what some code runs until this call returns. It is not copied: its call waits for it. */
static void hand_now (Handing * h, gsize key, gsize code) {
  if (h->origin == 0 || !is_app_code (code) || !need_code (code)) return;
  if (await (NOW, key, code, h->origin)) { h->key = key; h->code = code; }
  else escaped (AMBIGUOUS);
}

static void note_source (gpointer source) {
  gint i;
  for (i = 0; i != SOURCES && works.sources[i] != NULL; i++) ;
  works.sources[i == SOURCES ? (GPOINTER_TO_SIZE (source) >> 5) % SOURCES : i] = source;
}

static gint is_noted (gpointer source) {
  gint i;
  for (i = 0; i != SOURCES; i++) if (works.sources[i] == source) return source != NULL;
  return FALSE;
}

static void before (Handing * h, gsize sp, double delay) {
  const Row * row = h->row;
  gsize code;
  volatile gint * handing;
  h->code = 0;
  h->dropped = NULL;
  h->handing = FALSE;
  h->origin = origin_here (sp);
  handing = origin_handing (h->origin != 0);
  if ((handing != NULL && *handing) || (h->origin == 0 && works.waiting == 0)) {
    h->row = NULL;
    return;
  }
  switch (row->way) {
    case WAY_BLOCK:
      h->v[row->at] = hand_block (h, h->v[row->at]);
      break;
    case WAY_BLOCK_NOW:
      if (h->v[row->at] != 0) hand_now (h, h->v[row->at], plain (((Block *) h->v[row->at])->invoke));
      break;
    case WAY_FUNCTION:
      code = plain (GSIZE_TO_POINTER (h->v[row->at]));
      if (is_app_code (code) && (h->origin == 0 || need_code (code))) await (CALL, h->v[row->second], code, h->origin);
      break;
    case WAY_FUNCTION_NOW:
      hand_now (h, h->v[row->second], plain (GSIZE_TO_POINTER (h->v[row->at])));
      break;
    case WAY_MESSAGE:
      hand_message (h, GSIZE_TO_POINTER (h->v[row->third]), now_ns () + (row->delayed && delay > 0 && delay < 1e9 ? (guint64) (gint64) (delay * 1e9) : 0));
      break;
    case WAY_OBJECT:
      hand_object (GSIZE_TO_POINTER (h->v[row->at]), h->origin);
      break;
    case WAY_OBJECTS:
      hand_objects (GSIZE_TO_POINTER (h->v[row->at]), h->origin);
      break;
    case WAY_SOURCE_BLOCK:
      if (is_noted (GSIZE_TO_POINTER (h->v[0]))) h->v[row->at] = hand_block (h, h->v[row->at]);
      break;
    case WAY_SOURCE_FUNCTION:
      if (h->origin != 0 && is_noted (GSIZE_TO_POINTER (h->v[0])) && is_app_code (plain (GSIZE_TO_POINTER (h->v[row->at])))) escaped (SOURCE_FUNCTION);
      break;
    case WAY_CANCEL:
      cancel_messages (GSIZE_TO_POINTER (h->v[row->at]), NULL);
      break;
  }
  /* What runs now may hand on itself; the others only pass the same work on. */
  if (handing == NULL || row->way == WAY_BLOCK_NOW || row->way == WAY_FUNCTION_NOW) return;
  h->handing = *handing = TRUE;
}

static void after (Handing * h, gpointer result) {
  const Row * row = h->row;
  if (row == NULL) return;
  if (h->handing) origin_handed ();
  if (h->dropped != NULL) block_release (h->dropped);
  if (h->code != 0) forget_now (h->key, h->code);
  if (row->way == WAY_SOURCE && h->origin != 0 && timer_type != NULL && GSIZE_TO_POINTER (h->v[0]) == timer_type) note_source (result);
  if (row->way != WAY_TIMER || result == NULL) return;
  cancel_messages (GSIZE_TO_POINTER (h->v[row->at]), result);
  if (h->origin != 0) hand_message (h, result, now_ns ());
}

/* --- In the place of the functions --- */

typedef gpointer (* Function) (gsize a, gsize b, gsize c, gsize d, gsize e, gsize f, gsize g, gsize h, double x);

static gpointer hand_on (gint i, gsize a, gsize b, gsize c, gsize d, gsize e, gsize f, gsize g, gsize h, double x) {
  Handing one;
  gpointer result;
  one.row = &rows[i];
  one.v[0] = a; one.v[1] = b; one.v[2] = c; one.v[3] = d; one.v[4] = e; one.v[5] = f; one.v[6] = g; one.v[7] = h;
  before (&one, (gsize) &one, x);
  result = ((Function) gate_original (FIRST_SLOT + i, LOAD (&gate[0]))) (one.v[0], one.v[1], one.v[2], one.v[3], one.v[4], one.v[5], one.v[6], one.v[7], x);
  after (&one, result);
  return result;
}

#define FAST(i) \\
  gpointer fast_##i (gsize a, gsize b, gsize c, gsize d, gsize e, gsize f, gsize g, gsize h, double x) { \\
    Function original = (Function) gate_enter (FIRST_SLOT + i); \\
    gpointer result = origins.live != 0 || works.waiting != 0 ? hand_on (i, a, b, c, d, e, f, g, h, x) : original (a, b, c, d, e, f, g, h, x); \\
    gate_leave (); \\
    return result; \\
  }

/* --- As listeners --- */

void slow_enter (GumInvocationContext * ic) {
  Handing * h = GUM_IC_GET_INVOCATION_DATA (ic, Handing);
  gint i;
  h->row = NULL;
  if (origins.live == 0 && works.waiting == 0) return;
  h->row = GUM_IC_GET_FUNC_DATA (ic, const Row *);
  for (i = 0; i != 6; i++) h->v[i] = GPOINTER_TO_SIZE (gum_invocation_context_get_nth_argument (ic, i));
  gsize given[6];
  memcpy (given, h->v, sizeof (given));
  before (h, STACK_POINTER (ic), 0);
  for (i = 0; i != 6; i++) if (h->v[i] != given[i]) gum_invocation_context_replace_nth_argument (ic, i, GSIZE_TO_POINTER (h->v[i]));
}

void slow_leave (GumInvocationContext * ic) {
  Handing * h = GUM_IC_GET_INVOCATION_DATA (ic, Handing);
  after (h, gum_invocation_context_get_return_value (ic));
}

const Row * row_at (gint i) { return &rows[i]; }
`;

/** Return the hooks of these ways to hand work on; `slot`: the first of their slots. */
export function handoffC(ways: readonly Way[], slot: number): string {
  const defines = [
    ...KINDS.map((kind, i) => `#define ${name(kind)} ${i + 1}`),
    `#define FIRST_SLOT ${slot}`,
    `#define SOURCES ${SOURCES}`,
    ...(["unhookable", "ambiguous", "source-function"] as const).map((sort) => `#define ${sort.replace("-", "_").toUpperCase()} ${ESCAPES.indexOf(sort)}`),
  ];
  const rows = `static const Row rows[] = { ${ways.map(rowOf).join(", ")} };`;
  return [...defines, ROW, rows, FUNCTIONS, ...ways.map((_, i) => `FAST(${i})`)].join("\n");
}
