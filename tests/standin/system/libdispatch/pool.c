// The threads that run everything but the main queue. A new one starts when work waits and nobody is free.
#include "internal.h"
#include <stdlib.h>
#include <unistd.h>

enum { MOST_THREADS = 64 };

struct job {
  dispatch_queue_t queue;
  void *context;
  dispatch_function_t work;
  struct job *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wanted = PTHREAD_COND_INITIALIZER;
static struct job *first, *last;
static int threads, idle, waiting;

static struct job *take_job(void) {
  pthread_mutex_lock(&lock);
  idle++;
  while (first == NULL) pthread_cond_wait(&wanted, &lock);
  idle--;
  waiting--;
  struct job *job = first;
  first = job->next;
  if (first == NULL) last = NULL;
  pthread_mutex_unlock(&lock);
  return job;
}

static void *thread_main(void *unused) {
  for (;;) {
    struct job *job = take_job();
    run_in_pool(job->queue, job->context, job->work);
    free(job);
  }
  return NULL;
}

static void start_thread(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, thread_main, NULL) == 0) pthread_detach(thread);
}

void pool_submit(dispatch_queue_t queue, void *context, dispatch_function_t work) {
  struct job *job = calloc(1, sizeof *job);
  *job = (struct job){queue, context, work, NULL};
  pthread_mutex_lock(&lock);
  if (last != NULL)
    last->next = job;
  else
    first = job;
  last = job;
  waiting++;
  bool more = waiting > idle && threads < MOST_THREADS;
  if (more) threads++;
  pthread_cond_signal(&wanted);
  pthread_mutex_unlock(&lock);
  if (more) start_thread();
}
