#import "PACoalescingIntervalTracker.h"
#import "PAAccess.h"
#import "PAAccessInterval.h"
#import "PAAccessLogger.h"
#include <stdlib.h>

static double seconds_from(const char *variable, double otherwise) {
  const char *text = getenv(variable);
  return text == NULL ? otherwise : atof(text);
}

// 0 to 1. A quarter of the idle time is the timer's leeway; STANDIN_LEEWAY fixes how much of it is used.
static double leeway_used(void) { return seconds_from("STANDIN_LEEWAY", drand48()); }

@implementation PACoalescingIntervalTracker

- (instancetype)initWithLogger:(PAAccessLogger *)logger queue:(dispatch_queue_t)queue {
  if ((self = [super init]) == nil) return nil;
  _logger = logger; // lives as long as the process
  _queue = queue;
  _intervals = [NSMutableDictionary new];
  _touches = [NSMutableDictionary new];
  _intervalEndTime = seconds_from("STANDIN_IDLE", 60.0);
  return self;
}

- (double)intervalEndTime {
  return _intervalEndTime;
}

- (void)setIntervalEndTime:(double)seconds {
  _intervalEndTime = seconds;
}

- (void)touch:(NSString *)matcher {
  NSNumber *touch = @([[_touches objectForKey:matcher] longValue] + 1);
  [_touches setObject:touch forKey:matcher];
  double wait_s = _intervalEndTime * (1 + leeway_used() / 4);
  dispatch_after(dispatch_time(DISPATCH_TIME_NOW, wait_s * NSEC_PER_SEC), _queue, ^{
    [self expireIntervalWithMatcher:matcher state:touch];
  });
}

- (void)coalesce:(PAAccess *)access {
  NSString *matcher = [access matcher];
  if ([_intervals objectForKey:matcher] == nil) [_intervals setObject:[_logger beginIntervalForAccess:access] forKey:matcher];
  [self touch:matcher];
  [_logger notifyDidCoalesceAccess:access];
}

- (void)expireIntervalWithMatcher:(NSString *)matcher state:(NSNumber *)touch {
  if (![[_touches objectForKey:matcher] isEqual:touch]) return; // touched since
  PAAccessInterval *interval = [[[_intervals objectForKey:matcher] retain] autorelease];
  [_intervals removeObjectForKey:matcher];
  [interval endWithTimestampAdjustment:-_intervalEndTime];
}

- (void)beginAgain {
  for (NSString *matcher in [_intervals allKeys]) {
    PAAccess *old = [[_intervals objectForKey:matcher] slot];
    [_intervals setObject:[_logger beginIntervalForAccess:[old accessWithKind:PAAccessKindEvent identifier:[NSUUID UUID]]] forKey:matcher];
  }
}

@end
