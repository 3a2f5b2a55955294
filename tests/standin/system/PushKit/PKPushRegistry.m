#import "PKPushRegistry.h"

@implementation PKPushPayload
@end

static PKPushRegistry *latest;

@implementation PKPushRegistry

- (instancetype)initWithQueue:(id)queue {
  if ((self = [super init]) == nil) return nil;
  latest = self;
  return self;
}

- (void)setDelegate:(id<PKPushRegistryDelegate>)delegate {
  _delegate = delegate;
}

// The system's side: a push has come.
+ (void)deliverPush {
  [latest->_delegate pushRegistry:latest
      didReceiveIncomingPushWithPayload:[[PKPushPayload new] autorelease]
                                forType:@"PKPushTypeVoIP"
                  withCompletionHandler:^{}];
}

@end
