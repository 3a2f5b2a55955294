// What the files of this library share. None of these names leaves it.
#pragma once
#include "dispatch/dispatch.h"
#include <pthread.h>

#define HIDDEN __attribute__((visibility("hidden")))

struct timespec;

struct item {
  dispatch_function_t work;
  void *context;
  struct item *next;
};

struct fifo {
  struct item *head, *tail;
};

enum queue_kind { QUEUE_SERIAL, QUEUE_CONCURRENT, QUEUE_MAIN };

struct dispatch_queue_s {
  void *isa;
  char *label;
  enum queue_kind kind;
  bool busy;  // a thread has taken the queue on, or is about to
  struct fifo waiting;
  pthread_mutex_t lock;
};

struct dispatch_queue_attr_s {
  enum queue_kind kind;
};

HIDDEN struct item *item_new(void *context, dispatch_function_t work);
HIDDEN void fifo_push(struct fifo *fifo, struct item *item);
HIDDEN struct item *fifo_pop(struct fifo *fifo);
HIDDEN void item_run(dispatch_queue_t queue, struct item *item);
HIDDEN void run_in_pool(dispatch_queue_t queue, void *context, dispatch_function_t work);

// What the exported calls do. They never call one another, so that each can be hooked alone, as on iOS.
HIDDEN void run_sync(dispatch_queue_t queue, void *context, dispatch_function_t work);
HIDDEN void run_after(dispatch_time_t when, dispatch_queue_t queue, void *context, dispatch_function_t work);
HIDDEN void run_in_group(dispatch_group_t group, dispatch_queue_t queue, void *context, dispatch_function_t work);
HIDDEN void run_after_group(dispatch_group_t group, dispatch_queue_t queue, void *context, dispatch_function_t work);
HIDDEN void enqueue(dispatch_queue_t queue, void *context, dispatch_function_t work);
HIDDEN void pool_submit(dispatch_queue_t queue, void *context, dispatch_function_t work);
HIDDEN void main_queue_wake(void);
HIDDEN void main_queue_drain(void);
HIDDEN void serial_queue_drain(void *queue);
HIDDEN int64_t monotonic_ns(void);
HIDDEN void deadline_to_timespec(dispatch_time_t deadline, struct timespec *time);

// Copies of blocks as context; the blocks runtime is found at run time.
HIDDEN void *block_copy(const void *block);
HIDDEN void block_call_and_release(void *block);
HIDDEN void block_call(void *block);
