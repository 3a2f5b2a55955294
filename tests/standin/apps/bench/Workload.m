#define _GNU_SOURCE
#import "Workload.h"
#import "Calls.h"
#import "../common/Reader.h"
#import <Photos/Photos.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { MOST_SAMPLES = 200000 };

struct worker {
  pthread_t thread;
  bench_call call;
  long count, made;
  double interval_ns;  // between calls; 0: none
  uint32_t *samples_ns;
  long samples;
  int64_t cpu_ns;  // the thread's processor time over all calls, with what is around them
  int64_t tid;
  int64_t *begun_ns;  // of every call; NULL where nobody asks
};

static void work_through(struct worker *worker);

// Calls inside a change callback: its change is the worker.
@interface BenchObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation BenchObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  work_through((struct worker *)change);
}

@end

static BenchObserver *observer;  // nil: calls are outside of any callback

static int64_t read_ns(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * 1000000000ll + now.tv_nsec;
}

static int64_t now_ns(void) { return read_ns(CLOCK_MONOTONIC); }

static void wait_until(int64_t due_ns) {
  struct timespec due = {due_ns / 1000000000ll, due_ns % 1000000000ll};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
}

static void *work(void *context) {
  if (observer == nil)
    work_through(context);
  else
    [observer photoLibraryDidChange:context];
  return NULL;
}

static void work_through(struct worker *worker) {
  long step = worker->count / MOST_SAMPLES + 1;
  int64_t started = now_ns(), cpu_started = read_ns(CLOCK_THREAD_CPUTIME_ID);
  worker->tid = gettid();
  for (long i = 0; i < worker->count;) {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    for (long j = 0; j < 256 && i < worker->count; j++, i++) {
      if (worker->begun_ns != NULL) worker->begun_ns[i] = read_ns(CLOCK_BOOTTIME);
      int64_t before = now_ns();
      worker->call();
      if (i % step == 0) worker->samples_ns[worker->samples++] = now_ns() - before;
      worker->made++;
    }
    [pool release];
    if (worker->interval_ns > 0) wait_until(started + (int64_t)(i * worker->interval_ns));
  }
  worker->cpu_ns = read_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_started;
}

static int ascending(const void *left, const void *right) {
  uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
  return (a > b) - (a < b);
}

static NSDictionary *result(struct worker *workers, long threads, int64_t elapsed_ns) {
  uint32_t *all = calloc(threads * MOST_SAMPLES, sizeof *all);
  long samples = 0, calls = 0;
  double sum = 0, cpu_ns = 0;
  for (long t = 0; t < threads; t++) {
    calls += workers[t].made;
    cpu_ns += workers[t].cpu_ns;
    for (long i = 0; i < workers[t].samples; i++) sum += all[samples++] = workers[t].samples_ns[i];
    free(workers[t].samples_ns);
  }
  qsort(all, samples, sizeof *all, ascending);
  NSDictionary *figures = @{
    @"calls" : @(calls),
    @"elapsed_ns" : @(elapsed_ns),
    @"mean_ns" : @(samples == 0 ? 0 : sum / samples),
    @"cpu_ns" : @(calls == 0 ? 0 : cpu_ns / calls),
    @"p50_ns" : @(samples == 0 ? 0 : all[samples / 2]),
    @"p99_ns" : @(samples == 0 ? 0 : all[samples * 99 / 100]),
  };
  free(all);
  return figures;
}

static void write_times(NSString *path, struct worker *workers, long threads) {
  FILE *file = fopen([path fileSystemRepresentation], "wb");
  for (long t = 0; file != NULL && t < threads; t++) {
    int64_t head[2] = {workers[t].tid, workers[t].made};
    fwrite(head, sizeof *head, 2, file);
    fwrite(workers[t].begun_ns, sizeof(int64_t), workers[t].made, file);
    free(workers[t].begun_ns);
  }
  if (file != NULL) fclose(file);
}

NSDictionary *workload_run(NSDictionary *order) {
  long threads = MAX(1, [[order objectForKey:@"threads"] integerValue]);
  long count = [[order objectForKey:@"count"] integerValue];
  double rate = [[order objectForKey:@"rate"] doubleValue];
  NSString *times = [order objectForKey:@"times"];
  bench_call call = bench_call_named([order objectForKey:@"what"]);
  if (call == NULL) return @{@"error" : @"no such call"};
  if ([[order objectForKey:@"inside"] boolValue]) {
    static BenchObserver *registered;
    if (registered == nil) reader_register(registered = [BenchObserver new]);
    observer = registered;
  } else
    observer = nil;
  struct worker *workers = calloc(threads, sizeof *workers);
  int64_t started = now_ns();
  for (long t = 0; t < threads; t++) {
    workers[t] = (struct worker){.call = call, .count = count, .interval_ns = rate > 0 ? 1e9 * threads / rate : 0};
    workers[t].samples_ns = calloc(MIN(count, MOST_SAMPLES), sizeof(uint32_t));
    if (times != nil) workers[t].begun_ns = calloc(count, sizeof(int64_t));
    pthread_create(&workers[t].thread, NULL, work, &workers[t]);
  }
  for (long t = 0; t < threads; t++) pthread_join(workers[t].thread, NULL);
  if (times != nil) write_times(times, workers, threads);
  NSDictionary *figures = result(workers, threads, now_ns() - started);
  free(workers);
  return figures;
}
