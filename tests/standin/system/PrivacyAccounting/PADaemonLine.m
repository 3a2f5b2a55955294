#import "PADaemonLine.h"
#import "PAAccess.h"
#import "PAOutOfProcessPickerAccess.h"
#import "PATCCAccess.h"
#import <WireConnection.h>

static const double FIRST_RETRY_S = 0.1, LONGEST_RETRY_S = 1;

@implementation PADaemonLine

- (instancetype)initWithQueue:(dispatch_queue_t)queue reconnected:(void (^)(void))reconnected {
  if ((self = [super init]) == nil) return nil;
  _queue = queue;
  _reconnected = [reconnected copy];
  return self;
}

- (BOOL)connect {
  WireConnection *connection = [WireConnection connectionToService:@"privacyaccountingd"];
  if (connection == nil) return NO;
  _connection = [connection retain];
  [connection setInterruptionHandler:^{ dispatch_async(_queue, ^{ [self interrupted]; }); }];
  [connection resume];
  return YES;
}

- (void)interrupted {
  [_connection release];
  _connection = nil;
  [self retryAfter:FIRST_RETRY_S];
}

// A phone's launchd holds what is sent until the daemon runs, however long it takes to start.
- (void)retryAfter:(double)delay {
  if (_connection != nil) return;
  if ([self connect]) {
    _reconnected();
  } else {
    dispatch_after(dispatch_time(DISPATCH_TIME_NOW, delay * NSEC_PER_SEC), _queue,
                   ^{ [self retryAfter:MIN(2 * delay, LONGEST_RETRY_S)]; });
  }
}

// timestampAdjustment stays behind, as on iOS, where the coder does not carry it.
- (BOOL)send:(PAAccess *)access reason:(NSInteger)reason {
  if (_connection == nil && ![self connect]) return NO;
  NSMutableDictionary *message = [NSMutableDictionary dictionary];
  [message setObject:@"log" forKey:@"do"];
  [message setObject:NSStringFromClass([access class]) forKey:@"class"];
  [message setObject:[[access identifier] UUIDString] forKey:@"identifier"];
  [message setObject:@([access kind]) forKey:@"kind"];
  [message setObject:[access category] forKey:@"category"];
  [message setObject:@(reason) forKey:@"reason"];
  [message setObject:[[access accessor] JSONObject] forKey:@"accessor"];
  if ([access isKindOfClass:[PATCCAccess class]])
    [message setObject:[(PATCCAccess *)access tccService] forKey:@"service"];
  if ([access isKindOfClass:[PAOutOfProcessPickerAccess class]])
    [message setObject:@([(PAOutOfProcessPickerAccess *)access pickerType]) forKey:@"picker"];
  return [_connection send:message];
}

@end
