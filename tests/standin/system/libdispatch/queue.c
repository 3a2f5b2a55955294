// Queues: a serial one is taken on by one thread at a time, in order; a concurrent one hands each piece to the pool.
#include "internal.h"
#include <stdlib.h>
#include <string.h>

const struct dispatch_queue_attr_s _dispatch_queue_attr_concurrent = {QUEUE_CONCURRENT};

void *_dispatch_queue_class;

static struct dispatch_queue_s global_queue = {
    .label = "com.apple.root.default-qos", .kind = QUEUE_CONCURRENT, .lock = PTHREAD_MUTEX_INITIALIZER};
static struct dispatch_queue_s background_queue = {
    .label = "com.apple.root.background-qos", .kind = QUEUE_CONCURRENT, .lock = PTHREAD_MUTEX_INITIALIZER};

dispatch_queue_t dispatch_queue_create(const char *label, dispatch_queue_attr_t attributes) {
  dispatch_queue_t queue = calloc(1, sizeof *queue);
  queue->isa = _dispatch_queue_class;
  queue->label = strdup(label != NULL ? label : "");
  queue->kind = attributes == NULL ? QUEUE_SERIAL : attributes->kind;
  pthread_mutex_init(&queue->lock, NULL);
  return queue;
}

dispatch_queue_t dispatch_get_global_queue(intptr_t identifier, uintptr_t flags) {
  dispatch_queue_t queue = identifier == QOS_CLASS_BACKGROUND || identifier < 0 ? &background_queue : &global_queue;
  queue->isa = _dispatch_queue_class;
  return queue;
}

// Queues, groups and semaphores live as long as the process: the stand-in makes few of them.
void dispatch_retain(void *object) {}
void dispatch_release(void *object) {}

static void drain(void *context) {
  dispatch_queue_t queue = context;
  for (;;) {
    pthread_mutex_lock(&queue->lock);
    struct item *item = fifo_pop(&queue->waiting);
    if (item == NULL) queue->busy = false;
    pthread_mutex_unlock(&queue->lock);
    if (item == NULL) return;
    item_run(queue, item);
  }
}

void enqueue(dispatch_queue_t queue, void *context, dispatch_function_t work) {
  if (queue->kind == QUEUE_CONCURRENT) {
    pool_submit(queue, context, work);
    return;
  }
  struct item *item = item_new(context, work);
  pthread_mutex_lock(&queue->lock);
  fifo_push(&queue->waiting, item);
  bool idle = !queue->busy;
  queue->busy = true;
  pthread_mutex_unlock(&queue->lock);
  if (!idle) return;
  if (queue->kind == QUEUE_MAIN)
    main_queue_wake();
  else
    pool_submit(queue, queue, drain);
}

void dispatch_async_f(dispatch_queue_t queue, void *context, dispatch_function_t work) {
  enqueue(queue, context, work);
}

// Barriers order only serial queues here; nothing in the stand-in uses them on a concurrent one.
void dispatch_barrier_async_f(dispatch_queue_t queue, void *context, dispatch_function_t work) {
  enqueue(queue, context, work);
}

void main_queue_drain(void) { drain(&_dispatch_main_q); }

void serial_queue_drain(void *queue) { drain(queue); }
