// C: an observer's callback: its event, the origin that it is, and its timed return.
import { KIND, MOST_OBSERVER_CLASSES, MOST_SUBJECTS } from "./layout.js";

export const CALLBACKS_C = `
/* One for each selector. name: the selector's. type: what the callback is about, as JSON. argued: the argument is what has changed. */
typedef struct { gpointer selector; volatile gsize other; const char * name, * type; u64 type_length; u32 argued, pad; } CallbackHook;
/* What is known of an observer's class: its name and its image, as JSON. */
typedef struct { u32 cls_length, image_length; char text[8]; } ObserverText;
typedef struct { gpointer cls; const ObserverText * text; } ObserverClass;
/* What a callback was about, by the number of its event. */
typedef struct { volatile gsize number; const CallbackHook * hook; gpointer object, argument; } Subject;
typedef struct { volatile gint next; u32 pad; Subject subjects[${MOST_SUBJECTS}]; ObserverClass * volatile classes[${MOST_OBSERVER_CLASSES + 1}]; } Callbacks;
typedef struct { Call call; AppCode code; } Callback;

extern Callbacks callbacks;
extern const char * sel_getName (gpointer selector);
extern const ObserverText * learn_observer (gpointer object);

/* Several selectors can share one implementation, and a runtime may have several selectors of one name. The code may be a handler's
   too: then there is something else where the selector is. */
static u32 is_selector (CallbackHook * h, gpointer selector) {
  const char * name;
  if (selector == h->selector || (gsize) selector == LOAD (&h->other)) return 1;
  if (!is_readable (selector)) return 0;
  name = sel_getName (selector);
  if (name == NULL || strcmp (name, h->name) != 0) return 0;
  g_atomic_pointer_add (&h->other, (gssize) ((gsize) selector - LOAD (&h->other)));
  return 1;
}

static const ObserverText * observer_text (gpointer object) {
  gpointer cls = object_getClass (object);
  ObserverClass * one;
  u32 i;
  for (i = 0; (one = LOAD (&callbacks.classes[i])) != NULL; i++) if (one->cls == cls) return one->text;
  return learn_observer (object);
}

/* Return whether this is what the callback with this number was about: the inherited or the replaced implementation was not
   called twice. Its own slot was written before its work began; one that is written over now is hundreds of callbacks old. */
static u32 is_subject (u64 number, const CallbackHook * h, gpointer object, gpointer argument) {
  u32 i;
  for (i = 0; i != ${MOST_SUBJECTS}; i++) {
    Subject * s = &callbacks.subjects[i];
    if ((u64) LOAD (&s->number) == number) return s->hook == h && s->object == object && s->argument == argument;
  }
  return 0;
}

static void note_subject (u64 number, const CallbackHook * h, gpointer object, gpointer argument) {
  Subject * s = &callbacks.subjects[(u32) g_atomic_int_add (&callbacks.next, 1) % ${MOST_SUBJECTS}];
  put_word (&s->number, 0);
  s->hook = h;
  s->object = object;
  s->argument = argument;
  put_word (&s->number, number);
}

void callback_enter (GumInvocationContext * ic) {
  CallbackHook * h = GUM_IC_GET_FUNC_DATA (ic, CallbackHook *);
  Callback * call = GUM_IC_GET_INVOCATION_DATA (ic, Callback);
  Call * c = &call->call;
  gpointer object, argument;
  u64 sp = SP (ic);
  Record * r;
  c->thread = NULL;
  if (!LOAD (&control.running) || !is_selector (h, gum_invocation_context_get_nth_argument (ic, 1))) return;
  object = gum_invocation_context_get_nth_argument (ic, 0);
  argument = gum_invocation_context_get_nth_argument (ic, 2);
  c->cause = origins == 0 ? 0 : origin_here (sp);
  if (c->cause != 0 && is_subject (c->cause, h, object, argument)) return;
  c->thread = thread_of (ic);
  if (c->thread == NULL) return;
  c->thread->inside++;
  c->image = NULL;
  c->offset = 0;
  c->internal = c->level = 0;
  c->stack = stack_here ();
  const ObserverText * facts = observer_text (object);
  read_clocks (c->at);
  c->cpu_ns = cpu_ns_at (c->thread, c->at);
  r = claim (&c->of);
  if (r != NULL) {
    fill (r, ${KIND.notification}, c, c->at);
    r->hook = (const Hook *) h;
    r->facts = (const Text *) facts;
    r->values[0] = (gint64) (gsize) object;
    r->values[1] = h->argued ? (gint64) (gsize) argument : 0;
    note_subject (c->of, h, object, argument);
    commit (r, c->of);
  }
  app_code_enter (&call->code, c->thread, sp, c->of);
  c->thread->inside--;
}

void callback_leave (GumInvocationContext * ic) {
  Callback * call = GUM_IC_GET_INVOCATION_DATA (ic, Callback);
  Thread * t = call->call.thread;
  if (t == NULL) return;
  t->inside++;
  app_code_leave (&call->code);
  if (call->call.of != 0) leave_timed (&call->call);
  t->inside--;
}

static char * put_address (char * to, u64 address) {
  u32 shift = 64;
  PUT ("\\"0x");
  while (shift > 4 && (address >> (shift - 4)) == 0) shift -= 4;
  while (shift != 0) { shift -= 4; *to++ = "0123456789abcdef"[(address >> shift) & 15]; }
  *to++ = '"';
  return to;
}

static char * put_notification (char * to, const Record * r) {
  const CallbackHook * h = (const CallbackHook *) r->hook;
  const ObserverText * facts = (const ObserverText *) r->facts;
  to = put_head (to, "notification", 12, r);
  PUT (",\\"observer\\":{\\"class\\":");
  if (facts == NULL) PUT ("\\"\\",\\"id\\":\\"\\",\\"image\\":null");
  else {
    to = put (to, facts->text, facts->cls_length);
    PUT (",\\"id\\":");
    to = put_address (to, r->values[0]);
    PUT (",\\"image\\":");
    to = put (to, facts->text + facts->cls_length, facts->image_length);
  }
  PUT ("},\\"change\\":");
  if (r->values[1] == 0) PUT ("null"); else to = put_address (to, r->values[1]);
  PUT (",\\"type\\":");
  to = put (to, h->type, h->type_length);
  to = put_cause (to, r);
  to = put_stack (to, r);
  *to++ = '}';
  return to;
}
`;
