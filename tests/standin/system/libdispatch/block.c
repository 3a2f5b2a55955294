// The block variants of every call: the block is copied, and is the context of a function that calls and releases it.
#define _GNU_SOURCE
#include "internal.h"
#include <dlfcn.h>
#include <stdlib.h>

struct block {
  void *isa;
  int flags, reserved;
  void (*invoke)(void *self);
};

static void *(*runtime_copy)(const void *);
static void (*runtime_release)(const void *);

static pthread_once_t once = PTHREAD_ONCE_INIT;

// libsystem_blocks.dylib, in every process that has blocks.
static void find_blocks_runtime(void) {
  runtime_copy = (void *(*)(const void *))dlsym(RTLD_DEFAULT, "_Block_copy");
  runtime_release = (void (*)(const void *))dlsym(RTLD_DEFAULT, "_Block_release");
  if (runtime_copy == NULL || runtime_release == NULL) abort();
}

void *block_copy(const void *block) {
  pthread_once(&once, find_blocks_runtime);
  return runtime_copy(block);
}

void block_call(void *block) { ((struct block *)block)->invoke(block); }

void block_call_and_release(void *block) {
  block_call(block);
  runtime_release(block);
}

void dispatch_async(dispatch_queue_t queue, void *block) { enqueue(queue, block_copy(block), block_call_and_release); }

void dispatch_barrier_async(dispatch_queue_t queue, void *block) {
  enqueue(queue, block_copy(block), block_call_and_release);
}

void dispatch_sync(dispatch_queue_t queue, void *block) { run_sync(queue, block, block_call); }

void dispatch_barrier_sync(dispatch_queue_t queue, void *block) { run_sync(queue, block, block_call); }

void dispatch_after(dispatch_time_t when, dispatch_queue_t queue, void *block) {
  run_after(when, queue, block_copy(block), block_call_and_release);
}

void dispatch_group_async(dispatch_group_t group, dispatch_queue_t queue, void *block) {
  run_in_group(group, queue, block_copy(block), block_call_and_release);
}

void dispatch_group_notify(dispatch_group_t group, dispatch_queue_t queue, void *block) {
  run_after_group(group, queue, block_copy(block), block_call_and_release);
}

static void run_once(dispatch_once_t *predicate, void *context, dispatch_function_t work) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  static pthread_cond_t finished = PTHREAD_COND_INITIALIZER;
  if (__atomic_load_n(predicate, __ATOMIC_ACQUIRE) == ~0l) return;
  pthread_mutex_lock(&lock);
  while (*predicate == 1) pthread_cond_wait(&finished, &lock);
  bool mine = *predicate == 0;
  if (mine) *predicate = 1;
  pthread_mutex_unlock(&lock);
  if (!mine) return;
  work(context);
  pthread_mutex_lock(&lock);
  __atomic_store_n(predicate, ~0l, __ATOMIC_RELEASE);
  pthread_cond_broadcast(&finished);
  pthread_mutex_unlock(&lock);
}

void dispatch_once(dispatch_once_t *predicate, void *block) { run_once(predicate, block, block_call); }

void dispatch_once_f(dispatch_once_t *predicate, void *context, dispatch_function_t work) {
  run_once(predicate, context, work);
}
