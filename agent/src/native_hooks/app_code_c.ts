// C: entering and leaving code of the app that a framework calls: an observer's callback, a handler, the handling of an input.
//
// A hook's invocation data keeps an `AppCode`. The hook's entry calls `app_code_enter` and its exit `app_code_leave`, each once.
// Between the two, the thread's innermost frame has owner "app", so a call of a framework's method is the app's own again
// (SharedNesting in JavaScript sees that frame too), and with a number the thread acts because of the event with that number.
// The number is what `claim` gave to the event of the entry; 0 where there is none, and then no origin is put in force.
// An exception leaves a call without its exit: its frame and its origin are below the stack pointer of the next hook on this
// thread, which drops them. `app_code_leave` drops every inner one too.
import { FRAMES } from "./layout.js";

/** After RING_C. */
export const APP_CODE_C = `
typedef struct { Thread * thread; u32 depth; gint place; } AppCode;

extern gint origin_enter (gsize sp, u64 number);
extern void origin_leave (gint place);

/* Drop the frames of calls that an exception has left: stacks grow down. Frames of JavaScript have no stack pointer. */
static void drop_dead_frames (Thread * t, u64 sp) {
  while (t->depth != 0 && t->frames[t->depth - 1].sp != 0 && t->frames[t->depth - 1].sp < sp) t->depth--;
}

/* owner: 0 for a framework's method, 1 for code of the app. Without room the call has no frame. */
static void push_frame (Thread * t, u64 sp, u32 owner) {
  Frame * mine;
  if (t->depth == ${FRAMES}) return;
  mine = &t->frames[t->depth];
  mine->sp = sp;
  mine->owner = owner;
  mine->mark = 0;
  t->depth++;
}

/* Enter code of the app. sp: the hooked call's stack pointer, SP (ic). number: the origin to put in force; 0 for none. */
static void app_code_enter (AppCode * a, Thread * t, u64 sp, u64 number) {
  drop_dead_frames (t, sp);
  a->thread = t;
  a->depth = t->depth;
  push_frame (t, sp, 1);
  a->place = number == 0 ? -1 : origin_enter (sp, number);
}

/* Leave it, on the same thread. */
static void app_code_leave (const AppCode * a) {
  if (a->place >= 0) origin_leave (a->place);
  if (a->thread->depth > a->depth) a->thread->depth = a->depth;
}
`;
