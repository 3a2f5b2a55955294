// Sources of events: timers, and one type that never fires.
#include "internal.h"
#include <stdlib.h>

struct dispatch_source_type_s {
  int unused;
};

const struct dispatch_source_type_s _dispatch_source_type_timer, _dispatch_source_type_data_add;

struct dispatch_source_s {
  void *isa;
  dispatch_source_type_t type;
  dispatch_queue_t queue;
  void *context, *block;
  dispatch_function_t function;
  dispatch_time_t start;
  uint64_t interval_ns;
  bool running, cancelled;
};

static void fire(void *context) {
  dispatch_source_t source = context;
  if (source->cancelled) return;
  if (source->block != NULL)
    block_call(source->block);
  else if (source->function != NULL)
    source->function(source->context);
  if (source->interval_ns == DISPATCH_TIME_FOREVER) return;
  run_after(dispatch_time(DISPATCH_TIME_NOW, source->interval_ns), source->queue, source, fire);
}

dispatch_source_t dispatch_source_create(dispatch_source_type_t type, uintptr_t handle, unsigned long mask,
                                         dispatch_queue_t queue) {
  dispatch_source_t source = calloc(1, sizeof *source);
  source->type = type;
  source->queue = queue;
  source->start = DISPATCH_TIME_FOREVER;
  return source;
}

void dispatch_source_set_event_handler(dispatch_source_t source, void *block) { source->block = block_copy(block); }

void dispatch_source_set_event_handler_f(dispatch_source_t source, dispatch_function_t function) {
  source->function = function;
}

void dispatch_set_context(void *object, void *context) { ((dispatch_source_t)object)->context = context; }

void dispatch_source_set_timer(dispatch_source_t source, dispatch_time_t start, uint64_t interval_ns,
                               uint64_t leeway_ns) {
  source->start = start;
  source->interval_ns = interval_ns;
}

void dispatch_resume(void *object) {
  dispatch_source_t source = object;
  if (source->running || source->type != &_dispatch_source_type_timer) return;
  source->running = true;
  run_after(source->start, source->queue, source, fire);
}

void dispatch_source_cancel(dispatch_source_t source) { source->cancelled = true; }
