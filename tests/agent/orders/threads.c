#define _GNU_SOURCE
#include "threads.h"
#include <gum/guminterceptor.h>
#include <gum/gumtls.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static pthread_barrier_t start;
static pthread_mutex_t script_lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t signals;
static __thread guint number;
static void (*script_part)(void);
static void (*hook_part)(guint);

void g_thread_yield(void) { sched_yield(); }
guint thread_number(void) { return number; }
guint gum_invocation_context_get_thread_id(GumInvocationContext *ic) { return number + 1; }
void meet(void) { pthread_barrier_wait(&start); }
void lock_script(void) { pthread_mutex_lock(&script_lock); }
void unlock_script(void) { pthread_mutex_unlock(&script_lock); }
void signal_once(void) { sem_post(&signals); }

gint wait_for_signal(void) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += 10;
  return sem_timedwait(&signals, &until) == 0;
}

void fail(const char *what) {
  fprintf(stderr, "failed: %s\n", what);
  exit(3);
}

GumTlsKey gum_tls_key_new(void) {
  pthread_key_t key;
  pthread_key_create(&key, NULL);
  return key;
}
void gum_tls_key_free(GumTlsKey key) { pthread_key_delete(key); }
gpointer gum_tls_key_get_value(GumTlsKey key) { return pthread_getspecific(key); }
void gum_tls_key_set_value(GumTlsKey key, gpointer value) { pthread_setspecific(key, value); }

static void *run(void *mine) {
  number = (guint)(gsize)mine;
  pthread_barrier_wait(&start);
  if (number == 0) script_part();
  else hook_part(number);
  return NULL;
}

void run_together(void (*script)(void), void (*hook)(guint)) {
  pthread_t threads[THREADS_HERE + 1];
  script_part = script;
  hook_part = hook;
  sem_init(&signals, 0, 0);
  pthread_barrier_init(&start, NULL, THREADS_HERE + 1);
  for (gsize i = 0; i <= THREADS_HERE; i++) pthread_create(&threads[i], NULL, run, (void *)i);
  for (gsize i = 0; i <= THREADS_HERE; i++) pthread_join(threads[i], NULL);
}
