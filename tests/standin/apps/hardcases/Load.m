// Much at once: the app counts for itself what it called.
#import "Case.h"
#include <pthread.h>
#include <stdlib.h>

struct share {
  pthread_t thread;
  long count;
  PHAsset *asset;
};

static void *fetch_share(void *context) {
  for (long i = 0; i < ((struct share *)context)->count; i++) {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    reader_fetch();
    [pool release];
  }
  return NULL;
}

static void *image_share(void *context) {
  struct share *share = context;
  for (long i = 0; i < share->count; i++) {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    reader_thumbnail(share->asset);
    [pool release];
  }
  return NULL;
}

static NSDictionary *in_threads(NSDictionary *order, void *(*work)(void *)) {
  long threads = [[order objectForKey:@"threads"] integerValue], count = [[order objectForKey:@"count"] integerValue];
  PHAsset *asset = [reader_fetch() firstObject];
  struct share *shares = calloc(threads, sizeof *shares);
  for (long i = 0; i < threads; i++) {
    shares[i] = (struct share){.count = count, .asset = asset};
    pthread_create(&shares[i].thread, NULL, work, &shares[i]);
  }
  for (long i = 0; i < threads; i++) pthread_join(shares[i].thread, NULL);
  free(shares);
  return @{@"calls" : @(threads * count)};
}

// threads, count: calls of each.
static NSDictionary *threads(NSDictionary *order) { return in_threads(order, fetch_share); }
static NSDictionary *image_threads(NSDictionary *order) { return in_threads(order, image_share); }

// Observers come and go on many threads while changes are published.
static void *churn_share(void *context) {
  Class class = NSClassFromString(@"PlainObserver");
  for (long i = 0; i < ((struct share *)context)->count; i++) {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    id observer = [class new];
    reader_register(observer);
    if (i % 2 == 0) reader_unregister(observer);
    [observer release];
    [pool release];
  }
  return NULL;
}

static NSDictionary *churn(NSDictionary *order) { return in_threads(order, churn_share); }

const struct named_case LOAD_CASES[] = {
    {"threads", threads}, {"image-threads", image_threads}, {"churn", churn}, {NULL, NULL}};
