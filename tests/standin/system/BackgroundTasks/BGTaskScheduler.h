// Background tasks. Source: 16.5 SDK.
#import <Foundation/Foundation.h>
#include <dispatch/dispatch.h>
#include <stdbool.h>

@interface BGTask : NSObject {
  NSString *_identifier;
}

- (NSString *)identifier;
- (void)setTaskCompletedWithSuccess:(bool)success;

@end

@interface BGTaskScheduler : NSObject {
  NSMutableDictionary *_handlers;
}

+ (BGTaskScheduler *)sharedScheduler;
- (bool)registerForTaskWithIdentifier:(NSString *)identifier
                           usingQueue:(id)queue
                        launchHandler:(void (^)(BGTask *task))handler;
- (bool)submitTaskRequest:(id)request error:(NSError **)error;

@end
