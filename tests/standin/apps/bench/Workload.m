#define _GNU_SOURCE
#import "Workload.h"
#import "Calls.h"
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { MOST_SAMPLES = 200000 };

struct worker {
  pthread_t thread;
  bench_call call;
  long count, made;
  double interval_ns;  // between calls; 0: none
  uint32_t *samples_ns;
  long samples;
};

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static void wait_until(int64_t due_ns) {
  struct timespec due = {due_ns / 1000000000ll, due_ns % 1000000000ll};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
}

static void *work(void *context) {
  struct worker *worker = context;
  long step = worker->count / MOST_SAMPLES + 1;
  int64_t started = now_ns();
  for (long i = 0; i < worker->count;) {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    for (long j = 0; j < 256 && i < worker->count; j++, i++) {
      int64_t before = now_ns();
      worker->call();
      if (i % step == 0) worker->samples_ns[worker->samples++] = now_ns() - before;
      worker->made++;
    }
    [pool release];
    if (worker->interval_ns > 0) wait_until(started + (int64_t)(i * worker->interval_ns));
  }
  return NULL;
}

static int ascending(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  return (a > b) - (a < b);
}

static NSDictionary *result(struct worker *workers, long threads, int64_t elapsed_ns) {
  uint32_t *all = calloc(threads * MOST_SAMPLES, sizeof *all);
  long samples = 0, calls = 0;
  double sum = 0;
  for (long t = 0; t < threads; t++) {
    calls += workers[t].made;
    for (long i = 0; i < workers[t].samples; i++) sum += all[samples++] = workers[t].samples_ns[i];
    free(workers[t].samples_ns);
  }
  qsort(all, samples, sizeof *all, ascending);
  NSDictionary *figures = @{
    @"calls" : @(calls),
    @"elapsed_ns" : @(elapsed_ns),
    @"mean_ns" : @(samples == 0 ? 0 : sum / samples),
    @"p50_ns" : @(samples == 0 ? 0 : all[samples / 2]),
    @"p99_ns" : @(samples == 0 ? 0 : all[samples * 99 / 100]),
  };
  free(all);
  return figures;
}

NSDictionary *workload_run(NSDictionary *order) {
  long threads = MAX(1, [[order objectForKey:@"threads"] integerValue]);
  long count = [[order objectForKey:@"count"] integerValue];
  double rate = [[order objectForKey:@"rate"] doubleValue];
  bench_call call = bench_call_named([order objectForKey:@"what"]);
  if (call == NULL) return @{@"error" : @"no such call"};
  struct worker *workers = calloc(threads, sizeof *workers);
  int64_t started = now_ns();
  for (long t = 0; t < threads; t++) {
    workers[t] = (struct worker){.call = call, .count = count, .interval_ns = rate > 0 ? 1e9 * threads / rate : 0};
    workers[t].samples_ns = calloc(MIN(count, MOST_SAMPLES), sizeof(uint32_t));
    pthread_create(&workers[t].thread, NULL, work, &workers[t]);
  }
  for (long t = 0; t < threads; t++) pthread_join(workers[t].thread, NULL);
  NSDictionary *figures = result(workers, threads, now_ns() - started);
  free(workers);
  return figures;
}
