// dispatch_apply: the calling thread and some of the pool run the same work for different indices.
#include "internal.h"

enum { HELPERS = 3 };

struct apply {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  size_t next, count;
  int busy;  // helpers that have not finished
  void *context;
  void (*work)(void *context, size_t index);
};

static void run_share(struct apply *apply) {
  for (;;) {
    size_t index = __atomic_fetch_add(&apply->next, 1, __ATOMIC_SEQ_CST);
    if (index >= apply->count) return;
    apply->work(apply->context, index);
  }
}

static void help(void *context) {
  struct apply *apply = context;
  run_share(apply);
  pthread_mutex_lock(&apply->lock);
  apply->busy--;
  pthread_cond_signal(&apply->changed);
  pthread_mutex_unlock(&apply->lock);
}

static void run_apply(size_t count, void *context, void (*work)(void *, size_t)) {
  struct apply apply = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, count, HELPERS, context, work};
  for (int i = 0; i < HELPERS; i++) enqueue(dispatch_get_global_queue(0, 0), &apply, help);
  run_share(&apply);
  pthread_mutex_lock(&apply.lock);
  while (apply.busy > 0) pthread_cond_wait(&apply.changed, &apply.lock);
  pthread_mutex_unlock(&apply.lock);
}

static void call_indexed(void *block, size_t index) {
  struct {
    void *isa;
    int flags, reserved;
    void (*invoke)(void *self, size_t index);
  } *indexed = block;
  indexed->invoke(block, index);
}

void dispatch_apply(size_t count, dispatch_queue_t queue, void *block) { run_apply(count, block, call_indexed); }

void dispatch_apply_f(size_t count, dispatch_queue_t queue, void *context, void (*work)(void *, size_t)) {
  run_apply(count, context, work);
}
