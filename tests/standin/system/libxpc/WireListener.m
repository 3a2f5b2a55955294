#define _GNU_SOURCE
#import "WireListener.h"
#import "WireSocket.h"
#include <errno.h>
#include <sys/socket.h>

@implementation WireListener

- (instancetype)initWithService:(NSString *)name handler:(void (^)(WireConnection *))handler {
  if ((self = [super init]) == nil) return nil;
  _descriptor = wire_listen(name);
  _handler = [handler copy];
  if (_descriptor >= 0) return self;
  [self release];
  return nil;
}

- (void)run {
  for (;;) {
    int descriptor = accept4(_descriptor, NULL, NULL, SOCK_CLOEXEC);
    if (descriptor < 0 && errno != EINTR) return;
    if (descriptor < 0) continue;
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    _handler([[[WireConnection alloc] initWithDescriptor:descriptor] autorelease]);
    [pool release];
  }
}

@end
