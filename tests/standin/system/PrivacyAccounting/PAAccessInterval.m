#import "PAAccessInterval.h"
#import "PAAccessLogger.h"

@implementation PAAccessInterval

- (instancetype)initWithLogger:(PAAccessLogger *)logger slot:(PAAccess *)slot {
  if ((self = [super init]) == nil) return nil;
  _logger = logger;  // lives as long as the process
  _slot = [slot retain];
  return self;
}

- (void)dealloc {
  [_slot release];
  [super dealloc];
}

- (PAAccess *)slot {
  return _slot;
}

- (void)end {
  [self endWithTimestampAdjustment:0];
}

- (void)endWithTimestampAdjustment:(double)seconds {
  [_logger endIntervalWithSlot:_slot timestampAdjustment:seconds];
}

@end
