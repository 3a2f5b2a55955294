// swiftapp: an observer in Objective-C whose work is done by Swift code, with Swift's real concurrency runtime and the
// libdispatch that belongs to it. The Swift code is loaded when it is ordered to: the runtime can come after the agent.
// STANDIN_SWIFT=16: a runtime as before iOS 17, whose tasks have no numbers.
#import "../common/Reader.h"
#import "../common/Witness.h"
#import "work.h"
#import <Photos/Photos.h>
#import <UIKit/UIKit.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void (*work_start)(void);
static void (*work_callback)(int64_t, int32_t);
static void (*work_alone)(int32_t), (*work_empty)(int32_t);
static int64_t (*work_cost)(int32_t);
static int32_t pattern;

// --- what the Swift code calls ---

void library_read(int64_t tag) {
  NSAutoreleasePool *pool = [NSAutoreleasePool new];
  witness_act_for(tag / 1000);
  witness_call(@"+[PHAsset fetchAssetsWithMediaType:options:]", @"metadata");
  // What the hook sees of a read names the one that it is.
  [PHAsset fetchAssetsWithMediaType:(PHAssetMediaType)tag options:nil];
  witness_act_for(0);
  [pool release];
}

struct stranger {
  void *continuation;
  void (*resume)(void *);
};

static int strangers[2];

static void *serve(void *unused) {
  struct stranger one;
  while (read(strangers[0], &one, sizeof one) == sizeof one) {
    usleep(2000);
    one.resume(one.continuation);
  }
  return NULL;
}

void library_stranger(void *continuation, void (*resume)(void *)) {
  struct stranger one = {continuation, resume};
  if (write(strangers[1], &one, sizeof one) < 0) perror("swiftapp");
}

int64_t library_cpu_ns(void) {
  struct timespec spent;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return spent.tv_sec * 1000000000ll + spent.tv_nsec;
}

// --- callbacks ---

@interface SwiftObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation SwiftObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  long number = witness_notification(@"SwiftObserver");
  if (work_callback != NULL) work_callback(number, pattern);
  witness_notification_ends();
}

@end

static SwiftObserver *observer;

static void *call_back(void *count) {
  for (long i = 0; i < (long)count; i++) {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    // Two calls with one change would be one call and an inherited one.
    id change = [[NSObject new] autorelease];
    [observer photoLibraryDidChange:change];
    [pool release];
  }
  return NULL;
}

static void *make_empty_tasks(void *count) {
  work_empty((int32_t)(long)count);
  return NULL;
}

static void in_threads(NSDictionary *order, void *(*work)(void *)) {
  pthread_t threads[64];
  long n = MIN(64, [[order objectForKey:@"threads"] integerValue]), count = [[order objectForKey:@"count"] integerValue];
  for (long i = 0; i < n; i++) pthread_create(&threads[i], NULL, work, (void *)count);
  for (long i = 0; i < n; i++) pthread_join(threads[i], NULL);
}

static void *symbol(void *image, const char *name) {
  void *found = dlsym(image, name);
  if (found == NULL) fprintf(stderr, "swiftapp: %s\n", dlerror());
  return found;
}

// In this order each finds the ones that it needs by the name that is written in them, whatever their files are called.
static const char *const runtime[] = {"swiftCore", "swiftGlibc", "swift_Concurrency", "swift_RegexParser", "swift_StringProcessing", "swiftDispatch"};

static NSDictionary *load(void) {
  if (work_callback != NULL) return nil;
  NSString *bundle = [[NSBundle mainBundle] bundlePath];
  const char *version = getenv("STANDIN_SWIFT") ?: "";
  for (size_t i = 0; i < sizeof runtime / sizeof *runtime; i++) {
    BOOL other = strcmp(runtime[i], "swift_Concurrency") == 0 && *version != '\0';
    NSString *path = [NSString stringWithFormat:@"%@/../../usr/lib/swift-6/%s/lib%s.dylib", bundle, other ? version : ".", runtime[i]];
    if (dlopen([path fileSystemRepresentation], RTLD_NOW | RTLD_GLOBAL) == NULL) return @{@"error" : @(dlerror())};
  }
  NSString *path = [bundle stringByAppendingPathComponent:@"Frameworks/Work.dylib"];
  void *image = dlopen([path fileSystemRepresentation], RTLD_NOW);
  if (image == NULL) return @{@"error" : @(dlerror())};
  if (pipe(strangers) < 0) abort();
  pthread_t thread;
  pthread_create(&thread, NULL, serve, NULL);
  work_start = symbol(image, "work_start");
  work_alone = symbol(image, "work_alone");
  work_empty = symbol(image, "work_empty");
  work_cost = symbol(image, "work_cost");
  work_callback = symbol(image, "work_callback");
  work_start();
  return nil;
}

// --- orders ---

@interface SwiftAppDelegate : NSObject <UIApplicationDelegate>
@end

@implementation SwiftAppDelegate

- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)options {
  observer = [SwiftObserver new];
  reader_register(observer);
  return YES;
}

// load; pattern (number): what callbacks do from now on; many (threads, count): callbacks at a time on threads of the
// app's own; alone (count): tasks that read without a callback; empty (threads, count): tasks that do nothing;
// call (count): what it costs to make one.
- (NSDictionary *)takeOrder:(NSDictionary *)order {
  NSString *what = [order objectForKey:@"do"];
  if ([what isEqualToString:@"load"]) return load();
  if ([what isEqualToString:@"pattern"]) pattern = [[order objectForKey:@"number"] intValue];
  if ([what isEqualToString:@"many"]) in_threads(order, call_back);
  if ([what isEqualToString:@"alone"]) work_alone([[order objectForKey:@"count"] intValue]);
  if ([what isEqualToString:@"empty"]) in_threads(order, make_empty_tasks);
  if ([what isEqualToString:@"call"]) {
    return @{@"best_ns" : @(work_cost([[order objectForKey:@"count"] intValue]))};
  }
  reader_take_order(order);
  return nil;
}

@end

int main(int argc, char *argv[]) { return UIApplicationMain(argc, argv, nil, @"SwiftAppDelegate"); }
