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

static double uptime_s(void) { return dispatch_time(DISPATCH_TIME_NOW, 0) / (double)NSEC_PER_SEC; }

@implementation PACoalescingIntervalTracker

- (instancetype)initWithLogger:(PAAccessLogger *)logger queue:(dispatch_queue_t)queue {
  if ((self = [super init]) == nil) return nil;
  _logger = logger;  // lives as long as the process
  _queue = queue;
  _intervals = [NSMutableDictionary new];
  _deadlines = [NSMutableDictionary new];
  _intervalEndTime = seconds_from("STANDIN_IDLE", 60.0);
  return self;
}

- (double)intervalEndTime {
  return _intervalEndTime;
}

- (void)setIntervalEndTime:(double)seconds {
  _intervalEndTime = seconds;
}

// An interval has one timer. When it fires and the interval was touched since, it waits for the rest.
- (void)arm:(NSString *)matcher after:(double)wait_s {
  dispatch_after(dispatch_time(DISPATCH_TIME_NOW, wait_s * NSEC_PER_SEC), _queue, ^{
    NSNumber *deadline = [_deadlines objectForKey:matcher];
    double rest_s = [deadline doubleValue] - uptime_s();
    if (rest_s > 0)
      [self arm:matcher after:rest_s];
    else
      [self expireIntervalWithMatcher:matcher state:deadline];
  });
}

- (void)touch:(NSString *)matcher {
  double wait_s = _intervalEndTime * (1 + leeway_used() / 4);
  [_deadlines setObject:@(uptime_s() + wait_s) forKey:matcher];
}

- (void)coalesce:(PAAccess *)access {
  NSString *matcher = [access matcher];
  bool new = [ _intervals objectForKey : matcher ] == nil;
  if (new) [_intervals setObject:[_logger beginIntervalForAccess:access] forKey:matcher];
  [self touch:matcher];
  if (new) [self arm:matcher after:[[_deadlines objectForKey:matcher] doubleValue] - uptime_s()];
  [_logger notifyDidCoalesceAccess:access];
}

- (void)expireIntervalWithMatcher:(NSString *)matcher state:(NSNumber *)deadline {
  PAAccessInterval *interval = [[[_intervals objectForKey:matcher] retain] autorelease];
  [_intervals removeObjectForKey:matcher];
  [interval endWithTimestampAdjustment:-_intervalEndTime];
}

- (void)beginAgain {
  for (NSString *matcher in [_intervals allKeys]) {
    PAAccess *old = [[_intervals objectForKey:matcher] slot];
    PAAccess *new = [ old accessWithKind : PAAccessKindEvent identifier : [NSUUID UUID] ];
    [_intervals setObject:[_logger beginIntervalForAccess:new reason:1] forKey:matcher];
  }
}

@end
