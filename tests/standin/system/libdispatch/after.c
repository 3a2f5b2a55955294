// Work for later: one thread waits for the next deadline and then hands the work to its queue.
#include "internal.h"
#include <stdlib.h>
#include <time.h>

struct timer {
  int64_t due_ns;
  dispatch_queue_t queue;
  void *context;
  dispatch_function_t work;
  struct timer *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static struct timer *earliest;
static pthread_once_t once = PTHREAD_ONCE_INIT;

int64_t monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * (int64_t)NSEC_PER_SEC + now.tv_nsec;
}

dispatch_time_t dispatch_time(dispatch_time_t when, int64_t delta_ns) {
  if (when == DISPATCH_TIME_FOREVER) return when;
  return (when == DISPATCH_TIME_NOW ? (uint64_t)monotonic_ns() : when) + delta_ns;
}

void deadline_to_timespec(dispatch_time_t deadline, struct timespec *time) {
  time->tv_sec = deadline / NSEC_PER_SEC;
  time->tv_nsec = deadline % NSEC_PER_SEC;
}

static struct timer *take_due(void) {
  pthread_mutex_lock(&lock);
  for (;;) {
    if (earliest == NULL) {
      pthread_cond_wait(&changed, &lock);
    } else if (earliest->due_ns > monotonic_ns()) {
      struct timespec due;
      deadline_to_timespec(earliest->due_ns, &due);
      pthread_cond_timedwait(&changed, &lock, &due);
    } else {
      break;
    }
  }
  struct timer *timer = earliest;
  earliest = timer->next;
  pthread_mutex_unlock(&lock);
  return timer;
}

static void *thread_main(void *unused) {
  for (;;) {
    struct timer *timer = take_due();
    enqueue(timer->queue, timer->context, timer->work);
    free(timer);
  }
  return NULL;
}

static void start(void) {
  pthread_condattr_t attributes;
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&changed, &attributes);
  pthread_t thread;
  if (pthread_create(&thread, NULL, thread_main, NULL) == 0) pthread_detach(thread);
}

void run_after(dispatch_time_t when, dispatch_queue_t queue, void *context, dispatch_function_t work) {
  if (when == DISPATCH_TIME_FOREVER) return;
  pthread_once(&once, start);
  struct timer *timer = calloc(1, sizeof *timer);
  *timer = (struct timer){when == DISPATCH_TIME_NOW ? monotonic_ns() : (int64_t)when, queue, context, work, NULL};
  pthread_mutex_lock(&lock);
  struct timer **place = &earliest;
  while (*place != NULL && (*place)->due_ns <= timer->due_ns) place = &(*place)->next;
  timer->next = *place;
  *place = timer;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&lock);
}

void dispatch_after_f(dispatch_time_t when, dispatch_queue_t queue, void *context, dispatch_function_t work) {
  run_after(when, queue, context, work);
}
