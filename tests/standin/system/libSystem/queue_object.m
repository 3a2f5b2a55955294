// Queues are objects on iOS: they can be put into collections, retained and asked for their class.
#import <Foundation/Foundation.h>
#include <dispatch/dispatch.h>

@interface OS_dispatch_queue : NSObject
@end

@implementation OS_dispatch_queue

- (id)retain {
  return self;
}
- (oneway void)release {
}
- (id)autorelease {
  return self;
}
- (NSUInteger)retainCount {
  return NSUIntegerMax;
}
- (id)copyWithZone:(NSZone *)zone {
  return self;
}

- (NSString *)description {
  return [NSString stringWithFormat:@"<%@: %s>", [self class], dispatch_queue_get_label((dispatch_queue_t)self)];
}

@end

@interface OS_dispatch_queue_serial : OS_dispatch_queue
@end

@implementation OS_dispatch_queue_serial

+ (void)load {
  if (&_dispatch_queue_class == NULL) return;
  _dispatch_queue_class = [OS_dispatch_queue_serial class];
  *(void **)&_dispatch_main_q = _dispatch_queue_class;
}

@end
