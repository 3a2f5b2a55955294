// A callback that hands its work on: to queues, later, in groups, to operations, to timers, to a thread. The cause stays the
// callback.
#import "Case.h"
#import "../../system/swift/libswiftDispatch.h"
#include <dispatch/dispatch.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static void read_because_of(long notification) {
  NSAutoreleasePool *pool = [NSAutoreleasePool new];
  witness_act_for(notification);
  reader_fetch();
  witness_act_for(0);
  [pool release];
}

static void read_in_function(void *context) { read_because_of((long)context); }

#ifdef __x86_64__
extern void read_in_four_bytes(void *context);
__asm__(".text\n.globl read_in_four_bytes\nread_in_four_bytes: push %rbp\npop %rbp\njmp 1f\nret\npush %rbp\nret\n1: jmp the_rest@PLT\n");
void the_rest(void *context) { read_in_function(context); }
#endif

static void read_at_index(void *context, size_t index) { read_because_of((long)context); }

static void *read_in_thread(void *context) {
  read_because_of((long)context);
  return NULL;
}

@interface ReadOperation : NSOperation {
  long _notification;
}
@end

@implementation ReadOperation

- (instancetype)initWithNotification:(long)notification {
  if ((self = [super init]) != nil) _notification = notification;
  return self;
}

- (void)main {
  read_because_of(_notification);
}

@end

@interface ReadThread : NSThread {
  long _notification;
}
@end

@implementation ReadThread

- (instancetype)initWithNotification:(long)notification {
  if ((self = [super init]) != nil) _notification = notification;
  return self;
}

- (void)main {
  read_because_of(_notification);
}

@end

// What is handed on again and again, or called by the app itself: one object.
static id kept_argument;
static dispatch_block_t kept_block;

@interface HandoffObserver : NSObject <PHPhotoLibraryChangeObserver> {
  NSString *_way;
  dispatch_queue_t _queue;
  NSOperationQueue *_operations;
}
- (void)handOn:(long)notification;
- (void)read:(NSNumber *)notification;
@end

typedef void (^handing)(HandoffObserver *self, dispatch_queue_t queue, NSOperationQueue *operations, long notification,
                        dispatch_block_t read);

static NSDictionary *ways(void) {
  static NSMutableDictionary *ways;
  if (ways != nil) return ways;
  ways = [NSMutableDictionary new];
#define WAY(name, ...)                                                                                              \
  [ways setObject:[[^(HandoffObserver * self, dispatch_queue_t queue, NSOperationQueue * operations,                \
                      long notification, dispatch_block_t read) { __VA_ARGS__; } copy] autorelease]                 \
           forKey:name]
#define CONTEXT ((void *)notification)
  dispatch_time_t (^soon)(void) = [^{ return dispatch_time(DISPATCH_TIME_NOW, 50 * NSEC_PER_MSEC); } copy];
  WAY(@"async", dispatch_async(queue, read));
  WAY(@"async-twice", dispatch_async(queue, ^{ dispatch_async(dispatch_get_main_queue(), read); }));
  WAY(@"async-f", dispatch_async_f(queue, CONTEXT, read_in_function));
  WAY(@"after", dispatch_after(soon(), queue, read));
  WAY(@"after-f", dispatch_after_f(soon(), queue, CONTEXT, read_in_function));
  WAY(@"barrier", dispatch_barrier_async(queue, read));
  WAY(@"sync", dispatch_sync(queue, read));
  WAY(@"sync-main", dispatch_sync(dispatch_get_main_queue(), read));
  WAY(@"sync-main-f", dispatch_sync_f(dispatch_get_main_queue(), CONTEXT, read_in_function));
  WAY(@"barrier-sync-main", dispatch_barrier_sync(dispatch_get_main_queue(), read));
  WAY(@"group", dispatch_group_async(dispatch_group_create(), queue, read));
  WAY(@"group-f", dispatch_group_async_f(dispatch_group_create(), queue, CONTEXT, read_in_function));
  WAY(@"notify", {
    dispatch_group_t group = dispatch_group_create();
    dispatch_group_enter(group);
    dispatch_group_notify(group, queue, read);
    dispatch_group_leave(group);
  });
  WAY(@"apply", dispatch_apply(8, queue, ^(size_t index) { read(); }));
  WAY(@"apply-f", dispatch_apply_f(8, queue, CONTEXT, read_at_index));
  WAY(@"block-object", dispatch_async(queue, dispatch_block_create(0, read)));
  WAY(@"main", dispatch_async(dispatch_get_main_queue(), read));
  WAY(@"overlay", overlay_async(queue, read));
  WAY(@"source", {
    dispatch_source_t timer = dispatch_source_create(DISPATCH_SOURCE_TYPE_TIMER, 0, 0, queue);
    dispatch_source_set_event_handler(timer, read);
    dispatch_source_set_timer(timer, soon(), DISPATCH_TIME_FOREVER, 0);
    dispatch_resume(timer);
  });
  WAY(@"operation-block", [operations addOperationWithBlock:(id)read]);
  WAY(@"operation", [operations addOperation:[NSBlockOperation blockOperationWithBlock:(id)read]]);
  WAY(@"operation-class", [operations addOperation:[[[ReadOperation alloc] initWithNotification:notification] autorelease]]);
  WAY(@"operations", {
    [operations addOperations:@[ [[[ReadOperation alloc] initWithNotification:notification] autorelease] ] waitUntilFinished:NO];
  });
  WAY(@"invocation", [operations addOperation:[[[NSInvocationOperation alloc] initWithTarget:self selector:@selector(read:) object:@(notification)] autorelease]]);
  WAY(@"completion", {
    NSOperation *operation = [NSBlockOperation blockOperationWithBlock:(id) ^ {}];
    [operation setCompletionBlock:(id)read];
    [operations addOperation:operation];
  });
  WAY(@"selector", [self performSelectorOnMainThread:@selector(read:) withObject:@(notification) waitUntilDone:NO]);
  WAY(@"selector-wait", [self performSelectorOnMainThread:@selector(read:) withObject:@(notification) waitUntilDone:YES]);
  WAY(@"selector-background", [self performSelectorInBackground:@selector(read:) withObject:@(notification)]);
  // These need a run loop: the main thread's, where the work that was handed to it hands it on.
#define ON_MAIN(...) dispatch_async(dispatch_get_main_queue(), ^{ __VA_ARGS__; })
  WAY(@"selector-later", ON_MAIN([self performSelector:@selector(read:) withObject:@(notification) afterDelay:0.05]));
  WAY(@"timer", ON_MAIN([NSTimer scheduledTimerWithTimeInterval:0.05 target:self selector:@selector(readOfTimer:) userInfo:@(notification) repeats:NO]));
  WAY(@"timer-block", ON_MAIN([NSTimer scheduledTimerWithTimeInterval:0.05 repeats:NO block:(id) ^ (NSTimer * timer) { read(); }]));
  WAY(@"timer-repeats", ON_MAIN([NSTimer scheduledTimerWithTimeInterval:0.05 repeats:YES block:(id) ^ (NSTimer * timer) { read(); }]));
  WAY(@"thread", [NSThread detachNewThreadSelector:@selector(read:) toTarget:self withObject:@(notification)]);
  WAY(@"thread-object", [[[[NSThread alloc] initWithTarget:self selector:@selector(read:) object:@(notification)] autorelease] start]);
  WAY(@"thread-class", [[[[ReadThread alloc] initWithNotification:notification] autorelease] start]);
  WAY(@"pthread", {
    pthread_t thread;
    pthread_create(&thread, NULL, read_in_thread, CONTEXT);
    pthread_detach(thread);
  });
  // Photos runs these.
  WAY(@"changes", [[PHPhotoLibrary sharedPhotoLibrary] performChanges:read completionHandler:nil]);
  WAY(@"handler", {
    PHAsset *asset = [[PHAsset fetchAssetsWithMediaType:PHAssetMediaTypeImage options:nil] firstObject];
    [[PHImageManager defaultManager]
        requestImageDataAndOrientationForAsset:asset
                                       options:nil
                                 resultHandler:^(NSData *data, NSString *type, uint32_t orientation, NSDictionary *info) { read(); }];
  });
#ifdef __x86_64__
  // Four bytes: too short to be hooked.
  WAY(@"tiny", dispatch_async_f(queue, CONTEXT, read_in_four_bytes));
#endif
  // What a framework submits for itself is not the app's; and the app's own calls of the same code are not what was handed on.
  WAY(@"own-work", overlay_own_work(queue));
  WAY(@"later-and-now", ON_MAIN([self performSelector:@selector(read:) withObject:kept_argument afterDelay:0.7]));
  WAY(@"kept-block", dispatch_after(dispatch_time(DISPATCH_TIME_NOW, 700 * NSEC_PER_MSEC), queue, kept_block));
  WAY(@"kept-function", dispatch_after_f(dispatch_time(DISPATCH_TIME_NOW, 700 * NSEC_PER_MSEC), queue, NULL, read_in_function));
  kept_argument = [@(0) retain];
  long nothing = 0;
  kept_block = [^{ read_because_of(nothing); } copy];
  return ways;
}

@implementation HandoffObserver

- (instancetype)initWithWay:(NSString *)way {
  if ((self = [super init]) == nil) return nil;
  _way = [way copy];
  _queue = dispatch_queue_create("org.lightleak.hardcases.handoff", DISPATCH_QUEUE_SERIAL);
  _operations = [NSOperationQueue new];
  return self;
}

- (void)photoLibraryDidChange:(PHChange *)change {
  long notification = witness_notification(@"HandoffObserver");
  [self handOn:notification];
  witness_notification_ends();
}

- (void)handOn:(long)notification {
  handing hand = [ways() objectForKey:_way];
  hand(self, _queue, _operations, notification, ^{ read_because_of(notification); });
}

- (void)read:(NSNumber *)notification {
  read_because_of([notification longValue]);
}

- (void)readOfTimer:(NSTimer *)timer {
  read_because_of([[timer userInfo] longValue]);
}

@end

static HandoffObserver *latest;

// way: a key of `ways`.
static NSDictionary *handoff(NSDictionary *order) {
  NSString *way = [order objectForKey:@"way"];
  if ([ways() objectForKey:way] == nil) return @{@"error" : @"no such way"};
  latest = [[HandoffObserver alloc] initWithWay:way];
  case_observe(latest);
  return nil;
}

// The app itself calls what it has asked to be called later. how: a part of the function.
static NSDictionary *read_now(NSDictionary *order) {
  NSString *how = [order objectForKey:@"how"];
  if ([how isEqualToString:@"message"])
    [latest read:kept_argument];
  else if ([how isEqualToString:@"performed"])
    [@[ latest ] makeObjectsPerformSelector:@selector(read:) withObject:kept_argument];
  else if ([how isEqualToString:@"block"])
    kept_block();
  else if ([how isEqualToString:@"submitted"])
    dispatch_async(dispatch_get_global_queue(0, 0), kept_block);
  return nil;
}

// Work on queues that no callback handed on: no cause. `count` times.
static NSDictionary *unrelated(NSDictionary *order) {
  for (NSInteger i = 0; i < [[order objectForKey:@"count"] integerValue]; i++)
    dispatch_async(dispatch_get_global_queue(QOS_CLASS_DEFAULT, 0), ^{ reader_fetch(); });
  return nil;
}

// --- many at once: which callback a read belongs to, its number says --------------------------------------------------

static void read_numbered(long number) {
  NSAutoreleasePool *pool = [NSAutoreleasePool new];
  [PHAsset fetchAssetsWithMediaType:number options:nil];
  [pool release];
}

@interface StormObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation StormObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  long number = (long)change;
  dispatch_async(dispatch_get_global_queue(0, 0), ^{ read_numbered(number); });
}

@end

@interface ReadingObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation ReadingObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  read_numbered((long)change);
  usleep(50);
  read_numbered((long)change);
}

@end

struct share {
  pthread_t thread;
  id observer;
  long first, count;
};

static void *storm_share(void *context) {
  struct share *share = context;
  for (long i = 0; i < share->count; i++) [share->observer photoLibraryDidChange:(PHChange *)(share->first + i)];
  return NULL;
}

// threads, count (of each), class: StormObserver, ReadingObserver. Each thread calls the callback itself, with a number for a
// change.
static NSDictionary *storm(NSDictionary *order) {
  long threads = [[order objectForKey:@"threads"] integerValue], count = [[order objectForKey:@"count"] integerValue];
  id observer = [NSClassFromString([order objectForKey:@"class"]) new];
  case_observe(observer);
  struct share *shares = calloc(threads, sizeof *shares);
  for (long i = 0; i < threads; i++) {
    shares[i] = (struct share){.observer = observer, .first = 1 + i * count, .count = count};
    pthread_create(&shares[i].thread, NULL, storm_share, &shares[i]);
  }
  for (long i = 0; i < threads; i++) pthread_join(shares[i].thread, NULL);
  free(shares);
  return nil;
}

const struct named_case HANDOFF_CASES[] = {{"handoff", handoff},
                                           {"read-now", read_now},
                                           {"unrelated", unrelated},
                                           {"storm", storm},
                                           {NULL, NULL}};
