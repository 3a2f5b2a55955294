#import <Foundation/Foundation.h>
#include <dispatch/dispatch.h>
@class PAAccessLogger, PAAccess, PAAccessInterval;

// Accesses that follow one another make one interval: it ends when nothing has come for the idle time.
// Source: call graph of iOS 18 (60 s, timer leeway a quarter of it); 25 real exports (spikes at 60 and 75 s).
@interface PACoalescingIntervalTracker : NSObject {
  PAAccessLogger *_logger;
  dispatch_queue_t _queue;
  NSMutableDictionary *_intervals;  // matcher to open interval
  NSMutableDictionary *_deadlines;  // matcher to the time at which its idle timer is due, in s
  double _intervalEndTime;
}

- (instancetype)initWithLogger:(PAAccessLogger *)logger queue:(dispatch_queue_t)queue;
- (double)intervalEndTime;
- (void)setIntervalEndTime:(double)seconds;
// On the logger's queue only.
- (void)coalesce:(PAAccess *)access;
- (void)expireIntervalWithMatcher:(NSString *)matcher state:(NSNumber *)touch;
// The daemon has gone and come back: every open interval begins again under a new identifier.
- (void)beginAgain;

@end
