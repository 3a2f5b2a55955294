// A callback that hands its work on: to queues, later, in groups, to operations, to a thread. The cause stays the
// callback.
#import "Case.h"
#include <dispatch/dispatch.h>

@interface HandoffObserver : NSObject <PHPhotoLibraryChangeObserver> {
  NSString *_way;
  dispatch_queue_t _queue;
  NSOperationQueue *_operations;
}
@end

static void read_because_of(long notification) {
  witness_act_for(notification);
  reader_fetch();
  witness_act_for(0);
}

static void read_in_function(void *context) { read_because_of((long)context); }

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
  dispatch_block_t read = ^{ read_because_of(notification); };
  dispatch_time_t soon = dispatch_time(DISPATCH_TIME_NOW, 50 * NSEC_PER_MSEC);
  if ([_way isEqualToString:@"async"])
    dispatch_async(_queue, read);
  else if ([_way isEqualToString:@"async-twice"])
    dispatch_async(_queue, ^{ dispatch_async(dispatch_get_main_queue(), read); });
  else if ([_way isEqualToString:@"async-f"])
    dispatch_async_f(_queue, (void *)notification, read_in_function);
  else if ([_way isEqualToString:@"after"])
    dispatch_after(soon, _queue, read);
  else if ([_way isEqualToString:@"sync"])
    dispatch_sync(_queue, read);
  else if ([_way isEqualToString:@"group"])
    dispatch_group_async(dispatch_group_create(), _queue, read);
  else if ([_way isEqualToString:@"main"])
    dispatch_async(dispatch_get_main_queue(), read);
  else if ([_way isEqualToString:@"operation-block"])
    [_operations addOperationWithBlock:(id)read];
  else if ([_way isEqualToString:@"operation"])
    [_operations addOperation:[NSBlockOperation blockOperationWithBlock:(id)read]];
  else if ([_way isEqualToString:@"selector"])
    [self performSelectorOnMainThread:@selector(readOnMainThread:) withObject:@(notification) waitUntilDone:NO];
  else if ([_way isEqualToString:@"thread"])
    [NSThread detachNewThreadSelector:@selector(readOnMainThread:) toTarget:self withObject:@(notification)];
}

- (void)readOnMainThread:(NSNumber *)notification {
  read_because_of([notification longValue]);
}

@end

// way: async, async-twice, async-f, after, sync, group, main, operation-block, operation, selector, thread.
static NSDictionary *handoff(NSDictionary *order) {
  case_observe([[[HandoffObserver alloc] initWithWay:[order objectForKey:@"way"]] autorelease]);
  return nil;
}

// Work on queues that no callback handed on: no cause. `count` times.
static NSDictionary *unrelated(NSDictionary *order) {
  for (NSInteger i = 0; i < [[order objectForKey:@"count"] integerValue]; i++)
    dispatch_async(dispatch_get_global_queue(QOS_CLASS_DEFAULT, 0), ^{ reader_fetch(); });
  return nil;
}

const struct named_case HANDOFF_CASES[] = {{"handoff", handoff}, {"unrelated", unrelated}, {NULL, NULL}};
