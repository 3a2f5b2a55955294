// One piece of work, and the list in which it waits.
#include "internal.h"
#include <stdlib.h>

void *(*_dispatch_begin_NSAutoReleasePool)(void);
void (*_dispatch_end_NSAutoReleasePool)(void *);

HIDDEN __thread dispatch_queue_t current_queue;

struct item *item_new(void *context, dispatch_function_t work) {
  struct item *item = calloc(1, sizeof *item);
  item->context = context;
  item->work = work;
  return item;
}

void fifo_push(struct fifo *fifo, struct item *item) {
  if (fifo->tail != NULL)
    fifo->tail->next = item;
  else
    fifo->head = item;
  fifo->tail = item;
}

struct item *fifo_pop(struct fifo *fifo) {
  struct item *item = fifo->head;
  if (item == NULL) return NULL;
  fifo->head = item->next;
  if (fifo->head == NULL) fifo->tail = NULL;
  return item;
}

void run_in_pool(dispatch_queue_t queue, void *context, dispatch_function_t work) {
  dispatch_queue_t outer = current_queue;
  current_queue = queue;
  void *pool = _dispatch_begin_NSAutoReleasePool ? _dispatch_begin_NSAutoReleasePool() : NULL;
  work(context);
  if (pool != NULL) _dispatch_end_NSAutoReleasePool(pool);
  current_queue = outer;
}

void item_run(dispatch_queue_t queue, struct item *item) {
  run_in_pool(queue, item->context, item->work);
  free(item);
}

const char *dispatch_queue_get_label(dispatch_queue_t queue) {
  if (queue == NULL) queue = current_queue;  // DISPATCH_CURRENT_QUEUE_LABEL
  return queue != NULL && queue->label != NULL ? queue->label : "";
}
