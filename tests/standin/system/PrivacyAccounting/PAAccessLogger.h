#import <Foundation/Foundation.h>
#include <dispatch/dispatch.h>
@class PAAccess, PAAccessInterval, PACoalescingIntervalTracker, PADaemonLine;

// A process's way to privacyaccountingd. Source: class dump of 17.0.3; call graphs of iOS 18.
@interface PAAccessLogger : NSObject {
  dispatch_queue_t _queue;
  PACoalescingIntervalTracker *_tracker;
  PADaemonLine *_daemon;
  bool _loggingEnabled;
}

+ (instancetype)sharedInstance;
// Returns at once; the access is logged on a background queue.
- (void)log:(PAAccess *)access;
// Sends to the daemon. Reason: 0 the first time, 1 after the daemon has come back.
- (void)log:(PAAccess *)access reason:(NSInteger)reason;
- (PAAccessInterval *)beginIntervalForAccess:(PAAccess *)access;
- (PAAccessInterval *)beginIntervalForAccess:(PAAccess *)access reason:(NSInteger)reason;
- (void)endIntervalWithSlot:(PAAccess *)slot timestampAdjustment:(double)seconds;
- (void)notifyDidCoalesceAccess:(PAAccess *)access;
- (void)notifyDidLogAccess:(PAAccess *)access failedWithError:(NSError *)error;
- (bool)loggingEnabled;
- (void)setLoggingEnabled:(bool)enabled;

@end
