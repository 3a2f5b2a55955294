// C: a touch or a key that UIKit sends to the app: one event when its sequence begins, the origin of what the app does in it.
//
// Messages go to plain accessors of UIKit's own objects (`is_event` has looked at the class), on the thread that UIKit has called
// the app on.
import { INPUTS, KIND } from "./layout.js";

export const INPUTS_C = `
typedef struct { gpointer event; u64 origin; u32 seen_s, used; } Sequence;
/* sending: the event that is sent now: an override hands it on to the inherited method. sp: below it, that call is over. */
typedef struct {
  gpointer sending; u64 sp;
  gpointer type, touches, presses, count, any, all, at, phase;
  volatile gsize kinds[${INPUTS.kinds}];
  Sequence sequences[${INPUTS.sequences}];
} Inputs;
typedef struct { Thread * thread; gpointer outer; u64 outer_sp; u32 entered, pad; AppCode code; } Sent;

extern Inputs inputs;
extern u32 is_event (gpointer cls);

static gsize ask (gpointer object, gpointer selector) { return objc_msgSend (object, selector); }

static gint type_of (gpointer event) {
  gsize cls = (gsize) object_getClass (event), known;
  u32 i, yes;
  for (i = 0; i != ${INPUTS.kinds} && (known = LOAD (&inputs.kinds[i])) != 0; i++) if ((known | 1) == (cls | 1)) break;
  if (i != ${INPUTS.kinds} && known != 0) yes = known & 1;
  else {
    yes = is_event ((gpointer) cls);
    gum_spinlock_acquire (&control.lock);
    if (i != ${INPUTS.kinds} && inputs.kinds[i] == 0) put_word (&inputs.kinds[i], cls | yes);
    gum_spinlock_release (&control.lock);
  }
  return yes ? (gint) ask (event, inputs.type) : -1;
}

static Sequence * sequence_of (gpointer event) {
  u32 i;
  for (i = 0; i != ${INPUTS.sequences}; i++) if (inputs.sequences[i].used && inputs.sequences[i].event == event) return &inputs.sequences[i];
  return NULL;
}

static u64 begin_input (Thread * t, Sequence * s, gpointer event, u32 type) {
  Call c;
  u32 i;
  Record * r;
  for (i = 0; s == NULL && i != ${INPUTS.sequences}; i++) if (!inputs.sequences[i].used) s = &inputs.sequences[i];
  if (s == NULL) {
    memset (inputs.sequences, 0, sizeof (inputs.sequences));
    s = inputs.sequences;
  }
  memset (&c, 0, sizeof (c));
  c.thread = t;
  c.level = type;
  read_clocks (c.at);
  r = claim (&c.of);
  if (r != NULL) {
    fill (r, ${KIND.input}, &c, c.at);
    commit (r, c.of);
  }
  s->event = event;
  s->origin = c.of;
  s->seen_s = c.at[2];
  s->used = 1;
  return c.of;
}

static u64 contact (Thread * t, gpointer event, gpointer getter, u32 type) {
  gpointer set = (gpointer) ask (event, getter), list;
  u32 i, all = set == NULL ? 0 : (u32) ask (set, inputs.count), began = 0, ended = 0;
  Sequence * s = sequence_of (event);
  u64 origin;
  list = all < 2 ? NULL : (gpointer) ask (set, inputs.all);
  for (i = 0; i != all; i++) {
    gpointer one = (gpointer) (all == 1 ? ask (set, inputs.any) : ((gsize (*) (gpointer, gpointer, gsize)) objc_msgSend) (list, inputs.at, i));
    gint phase = (gint) ask (one, inputs.phase);
    if (phase == ${INPUTS.began}) began++;
    else if (phase == ${INPUTS.ended} || phase == ${INPUTS.cancelled}) ended++;
  }
  /* Another finger joins a touch sequence; another key is a press of its own. */
  if (began != 0 && (type == ${INPUTS.key} || began == all || s == NULL)) origin = begin_input (t, s, event, type);
  else origin = s == NULL ? 0 : s->origin;
  if (ended == all && (s = sequence_of (event)) != NULL) s->used = 0;
  return origin;
}

/* Return the origin of what happens in one event; 0 where there is none: its sequence began before the attach. */
static u64 origin_of_event (Thread * t, gpointer event) {
  gint type = type_of (event);
  Sequence * s;
  u32 at[4];
  if (type == ${INPUTS.touches}) return contact (t, event, inputs.touches, ${INPUTS.touch});
  if (type == ${INPUTS.presses}) return contact (t, event, inputs.presses, ${INPUTS.key});
  /* The others have no beginning that can be read: those that follow each other so closely are one. */
  read_clocks (at);
  s = sequence_of (event);
  if (s == NULL || at[2] - s->seen_s > ${INPUTS.oneSequence_s}) return begin_input (t, s, event, ${INPUTS.other});
  s->seen_s = at[2];
  return s->origin;
}

void input_enter (GumInvocationContext * ic) {
  Sent * sent = GUM_IC_GET_INVOCATION_DATA (ic, Sent);
  gpointer event = gum_invocation_context_get_nth_argument (ic, 2);
  Thread * t;
  u64 sp = SP (ic), origin;
  sent->thread = NULL;
  if (event == NULL || !LOAD (&control.running)) return;
  if (event == inputs.sending && inputs.sp >= sp) return;
  t = thread_of (ic);
  if (t == NULL) return;
  t->inside++;
  sent->thread = t;
  sent->outer = inputs.sending;
  sent->outer_sp = inputs.sp;
  inputs.sending = event;
  inputs.sp = sp;
  origin = origin_of_event (t, event);
  sent->entered = origin != 0;
  if (origin != 0) app_code_enter (&sent->code, t, sp, origin);
  t->inside--;
}

void input_leave (GumInvocationContext * ic) {
  Sent * sent = GUM_IC_GET_INVOCATION_DATA (ic, Sent);
  if (sent->thread == NULL) return;
  inputs.sending = sent->outer;
  inputs.sp = sent->outer_sp;
  if (sent->entered) app_code_leave (&sent->code);
}

static char * put_input (char * to, const Record * r) {
  to = put_head (to, "input", 5, r);
  PUT (",\\"type\\":");
  switch (r->flag) {
    case ${INPUTS.touch}: PUT ("\\"touch\\"}"); break;
    case ${INPUTS.key}: PUT ("\\"key\\"}"); break;
    default: PUT ("\\"other\\"}");
  }
  return to;
}
`;
