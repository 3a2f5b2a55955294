// The agent's C of lane c and of replaced functions, with one thread as the script and others in hooks. The thread sanitizer says
// where one thread sees what another has not published. Argument: what to try. -DPLAIN: as if nothing were ordered.
#include "lane.h"
#include "gate.h"
#include "threads.h"
#include <stdio.h>
#include <stdlib.h>

enum { CLASSES = 24, CALLS = 20000, EPOCHS = 2000, KEPT_ROWS = 32 };

Control control;
static Record ring[32768];
Thread threads[sizeof threads / sizeof *threads];
volatile guint8 announced[4096];
u32 fresh[4096];
char out[sizeof out];
volatile gint origins;
gpointer count_selector;
Callbacks callbacks;
Inputs inputs;
volatile gint gate[2];
gpointer volatile originals[1], targets[1];

typedef struct { gpointer cls, service; } Object;
static Object objects[CLASSES];
static Row *volatile rows[KEPT_ROWS + 1];
static u32 row_count;

u32 stack_here(void) { return 0; }
u64 origin_here(gsize sp) { return 0; }
gint origin_enter(gsize sp, u64 number) { return -1; }
void origin_leave(gint place) {}
u64 resumed_by_here(gsize sp) { return 0; }
gpointer walk(GumCpuContext *context) { return NULL; }
Text *query_facts(gpointer options) { return NULL; }
Identity *volatile identities[33];
KnownHash hashes[sizeof hashes / sizeof *hashes];
volatile gsize readable[sizeof readable / sizeof *readable], handler_code[sizeof handler_code / sizeof *handler_code];
Strings strings;
Retaining retaining;
volatile u32 float_depth;
Awaited awaited[sizeof awaited / sizeof *awaited];
GumSpinlock awaited_locks[sizeof awaited_locks / sizeof *awaited_locks];
DeliveryKeys delivery_keys;
gpointer stack_class;
const Identity *learn_identity(gpointer cls) { return NULL; }
u32 hash_text(gpointer string, char *to) { return 0; }
u32 size_text(double value, char *to) { return 0; }
u32 try_page(const void *address) { return 1; }
gpointer block_copy(gpointer block) { return block; }
void block_release(gpointer block) {}
gpointer hook_handler(gpointer block, u32 own) { return NULL; }
void unwatched(double of) {}
const Text *error_text(gpointer error) { return NULL; }
void wake(void) { signal_once(); }
const char *sel_getName(gpointer selector) { return selector; }
const ObserverText *learn_observer(gpointer object) { return NULL; }
u32 is_event(gpointer cls) { return 0; }
gpointer object_getClass(gpointer object) { return ((Object *)object)->cls; }

// Every second class is one of arrays.
static gint is_of_arrays(gpointer cls) { return ((gsize)cls >> 4) % 2; }

gsize objc_msgSend(gpointer object, gpointer selector, ...) {
  if (!is_of_arrays(object_getClass(object))) fail("an object that is no array was sent count");
  return 1;
}

u32 learn_kind(gpointer cls) {
  lock_script();
  u32 yes = add_kind(cls, is_of_arrays(cls));
  unlock_script();
  return yes;
}

// As accounting_cache.ts does.
static void set_text(Row *row, u64 number) {
  Text *text = malloc(64);
  text->length = sprintf(text->text, "\"identifier\":\"%lu\"", number);
  put_word(&row->text, (gsize)text);
}

Row *look_up_row(gpointer access) {
  lock_script();
  Row *row = malloc(sizeof *row);
  row->cls = object_getClass(access);
  row->offset = 8;
  row->service = ((Object *)access)->service;
  row->text = NULL;
  set_text(row, 0);
  if (row_count != KEPT_ROWS) put_word(&rows[row_count++], (gsize)row);
  unlock_script();
  return row;
}

static const Hook access_hook = {.kind = 1, .counts = 1, .at = {2}, .head = ",\"detail\":{", .head_length = 11, .names = {"\"n\":"}, .name_lengths = {4}};
static const Hook touch_hook = {.kind = 3};

static void call(const Hook *hook, Object *object) {
  GumCpuContext registers = {.rsp = (gsize)&registers};
  GumInvocationContext ic = {.cpu_context = &registers, .arguments = {NULL, NULL, object}, .function_data = hook};
  enter(&ic);
  leave(&ic);
}

// A row of `threads` is the thread's own once it has it.
static void adopt_in_turn(guint thread) {
  lock_script();
  here(thread + 1);
  unlock_script();
  meet();
}

static void publish_images(u64 round) {
  Images *images = malloc(sizeof *images);
  Text *name = malloc(40);
  name->length = sprintf(name->text, "{\"image\":\"%lu\",\"offset\":", round);
  images->count = 1;
  images->images[0] = (Image){0x1000, 0x2000, name};
  put_word(&control.images, (gsize)images);
}

static void start_lane(void) {
  prepare();
  begin(ring, sizeof ring / sizeof *ring);
  control.mask = ~0UL;
  control.rows = rows;
  for (gsize i = 0; i < CLASSES; i++) objects[i] = (Object){(gpointer)(0x10000 + (i << 4)), (gpointer)i};
  publish_images(0);
  control.running = 1;
}

// --- events, images, rows: what hooks read of the script, and what the drain reads of hooks
static void drain_all(void) {
  u64 seen = 0, round = 0, all = (u64)CALLS * THREADS_HERE * 2;
  meet();
  while (seen != all) {
    lock_script();
    publish_images(++round);
    for (u32 i = 0; i != row_count; i++) set_text(rows[i], round);
    drain();
    seen += control.count;
    unlock_script();
    if (seen != all && control.more == 0 && !fall_asleep() && !wait_for_signal()) fail("an event came, and the drain slept on");
  }
}

static void call_often(guint thread) {
  adopt_in_turn(thread);
  for (gsize i = 0; i < CALLS; i++) {
    call(&access_hook, &objects[i % CLASSES]);
    call(&touch_hook, &objects[(i + thread) % CLASSES]);
    while (g_atomic_pointer_add(&control.room, 0) < 1000) g_thread_yield();
  }
}

// --- classes: another thread adds one while this one looks for its own
static void forget_kinds(void) {
  meet();
  for (int epoch = 0; epoch < EPOCHS; epoch++) {
    meet();
    meet();
    memset((void *)control.kinds, 0, sizeof control.kinds);
  }
}

static void count_all(guint thread) {
  adopt_in_turn(thread);
  for (int epoch = 0; epoch < EPOCHS; epoch++) {
    meet();
    for (guint i = 0; i < CLASSES; i++) count_of(&objects[(i * (2 * thread - 1)) % CLASSES]);
    meet();
  }
}

// --- the gate: what Frida made of a function is freed when no thread can be in it
static void free_behind_gate(void) {
  static gint whole = 2;
  targets[0] = &whole;
  for (int epoch = 0; epoch < EPOCHS; epoch++) {
    gint *made = malloc(sizeof *made);
    meet();
    *made = 1;
    put_word(&originals[0], (gsize)made);
    g_atomic_int_add(&gate[0], 1 << 30);
    while ((g_atomic_int_add(&gate[0], 0) & ((1 << 30) - 1)) != 0) g_thread_yield();
    *made = 0;
    free(made);
    meet();
    originals[0] = NULL;
    g_atomic_int_add(&gate[0], -(1 << 30));
    meet();
  }
}

static void pass_gate(guint thread) {
  for (int epoch = 0; epoch < EPOCHS; epoch++) {
    meet();
    for (int i = 0; i < 50; i++) {
      gint *function = gate_enter(0);
      if (*function == 0) fail("a thread ran what was freed");
      gate_leave();
    }
    meet();
    meet();
  }
}

#ifdef BETWEEN
// --- a class of arrays is added where the end of the table was just seen
static gpointer added;

void between(volatile void *place) {
  gpointer cls = added;
  if (cls == NULL || *(volatile gsize *)place != 0) return;
  added = NULL;
  add_kind(cls, TRUE);
}

static void add_between(void) {
  for (int i = 0; i < CLASSES; i += 2) {
    memset((void *)control.kinds, 0, sizeof control.kinds);
    added = objects[i + 1].cls;
    if (count_of(&objects[i]) != -1) fail("an object that is no array has a count");
    if (added != NULL) fail("nothing was added");
  }
}
#endif

int main(int argc, char *argv[]) {
  start_lane();
  if (strcmp(argv[1], "events") == 0) run_together(drain_all, call_often);
  else if (strcmp(argv[1], "classes") == 0) run_together(forget_kinds, count_all);
  else if (strcmp(argv[1], "gate") == 0) run_together(free_behind_gate, pass_gate);
#ifdef BETWEEN
  else if (strcmp(argv[1], "between") == 0) add_between();
#endif
  else return 2;
  return 0;
}
