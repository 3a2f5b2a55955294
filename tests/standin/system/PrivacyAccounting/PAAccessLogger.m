#import "PAAccessLogger.h"
#import "PAAccess.h"
#import "PAAccessInterval.h"
#import "PACoalescingIntervalTracker.h"
#import "PADaemonLine.h"
#include <stdlib.h>

@implementation PAAccessLogger

+ (instancetype)sharedInstance {
  static PAAccessLogger *shared;
  static dispatch_once_t once;
  dispatch_once(&once, ^{ shared = [self new]; });
  return shared;
}

- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _queue = dispatch_queue_create("com.apple.PrivacyAccounting.PAAccessLogger", DISPATCH_QUEUE_SERIAL);
  _tracker = [[PACoalescingIntervalTracker alloc] initWithLogger:self queue:_queue];
  _daemon = [[PADaemonLine alloc] initWithQueue:_queue reconnected:^{ [_tracker beginAgain]; }];
  const char *toggle = getenv("STANDIN_ACCOUNTING");
  _loggingEnabled = toggle == NULL || atoi(toggle) != 0;
  return self;
}

- (void)log:(PAAccess *)access {
  if (![self loggingEnabled]) return;
  dispatch_async(_queue, ^{ [_tracker coalesce:access]; });
}

- (void)log:(PAAccess *)access reason:(NSInteger)reason {
  NSError *error = nil;
  if (![_daemon send:access reason:reason]) error = [NSError errorWithDomain:@"PAErrorDomain" code:1 userInfo:nil];
  [self notifyDidLogAccess:access failedWithError:error];
}

- (PAAccessInterval *)beginIntervalForAccess:(PAAccess *)access {
  return [self beginIntervalForAccess:access reason:0];
}

- (PAAccessInterval *)beginIntervalForAccess:(PAAccess *)access reason:(NSInteger)reason {
  PAAccess *begin = [access accessWithKind:PAAccessKindIntervalBegin identifier:[access identifier]];
  [self log:begin reason:reason];
  return [[[PAAccessInterval alloc] initWithLogger:self slot:begin] autorelease];
}

- (void)endIntervalWithSlot:(PAAccess *)slot timestampAdjustment:(double)seconds {
  PAAccess *end = [slot accessWithKind:PAAccessKindIntervalEnd identifier:[slot identifier]];
  [end setTimestampAdjustment:seconds];
  [self log:end reason:0];
}

// Nothing to do here: on iOS this tells a delegate.
- (void)notifyDidCoalesceAccess:(PAAccess *)access {
}

- (void)notifyDidLogAccess:(PAAccess *)access failedWithError:(NSError *)error {
}

- (bool)loggingEnabled {
  return _loggingEnabled;
}

- (void)setLoggingEnabled:(bool)enabled {
  _loggingEnabled = enabled;
}

@end
