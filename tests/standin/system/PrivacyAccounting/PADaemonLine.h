#import <Foundation/Foundation.h>
#include <dispatch/dispatch.h>
@class PAAccess, WireConnection;

// The connection to privacyaccountingd, made at the first access, and made again when it breaks: at once, then after longer and
// longer times, up to a second.
@interface PADaemonLine : NSObject {
  dispatch_queue_t _queue;
  WireConnection *_connection;
  void (^_reconnected)(void);
}

- (instancetype)initWithQueue:(dispatch_queue_t)queue reconnected:(void (^)(void))reconnected;
- (BOOL)send:(PAAccess *)access reason:(NSInteger)reason;

@end
