// A callback whose last statement hands its work on is compiled to a jump: the app is not the caller. This file is compiled
// with sibling calls.
#import "Case.h"
#include <Block.h>
#include <dispatch/dispatch.h>

static dispatch_queue_t queue;
static long told;

static void read_it(void) {
  witness_act_for(told);
  reader_fetch();
  witness_act_for(0);
}

__attribute__((noinline)) static dispatch_block_t work_for(long notification) {
  return Block_copy(^{
    told = notification;
    read_it();
  });
}

@interface TailObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation TailObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  long notification = witness_notification(@"TailObserver");
  dispatch_block_t block = work_for(notification);
  witness_notification_ends();
  dispatch_async(queue, block);
}

@end

@interface TailGlobalObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation TailGlobalObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  told = witness_notification(@"TailGlobalObserver");
  witness_notification_ends();
  // It captures nothing: one object for all calls.
  dispatch_async(queue, ^{ read_it(); });
}

@end

// class: TailObserver, TailGlobalObserver.
static NSDictionary *tail_call(NSDictionary *order) {
  queue = dispatch_queue_create("org.lightleak.hardcases.tail", DISPATCH_QUEUE_SERIAL);
  case_observe([[NSClassFromString([order objectForKey:@"class"]) new] autorelease]);
  return nil;
}

const struct named_case TAIL_CASES[] = {{"tail-call", tail_call}, {NULL, NULL}};
