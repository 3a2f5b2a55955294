#import "UIRunLoop.h"
#include <dispatch/dispatch.h>
#include <stdint.h>
#include <unistd.h>

@interface UIMainQueueSource : NSObject <RunLoopEvents>
@end

@implementation UIMainQueueSource

- (void)receivedEvent:(void *)data type:(RunLoopEventType)type extra:(void *)extra forMode:(NSString *)mode {
  uint64_t count;
  if (read(_dispatch_get_main_queue_handle_4CF(), &count, sizeof count) < 0) return;
  _dispatch_main_queue_callback_4CF(NULL);
}

@end

void ui_run_main_loop(void) {
  NSRunLoop *loop = [NSRunLoop currentRunLoop];
  void *descriptor = (void *)(intptr_t)_dispatch_get_main_queue_handle_4CF();
  [loop addEvent:descriptor type:ET_RDESC watcher:[UIMainQueueSource new] forMode:NSDefaultRunLoopMode];
  for (;;) {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    [loop runMode:NSDefaultRunLoopMode beforeDate:[NSDate distantFuture]];
    [pool release];
  }
}
