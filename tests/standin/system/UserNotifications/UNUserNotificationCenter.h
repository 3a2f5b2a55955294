// What a person does with a notification that the app has posted. Source: UNUserNotificationCenter.h.
#import <Foundation/Foundation.h>
@class UNUserNotificationCenter;

@protocol UNUserNotificationCenterDelegate <NSObject>
- (void)userNotificationCenter:(UNUserNotificationCenter *)center
    didReceiveNotificationResponse:(id)response
             withCompletionHandler:(void (^)(void))completion;
@end

@interface UNUserNotificationCenter : NSObject {
  id<UNUserNotificationCenterDelegate> _delegate;
}

+ (UNUserNotificationCenter *)currentNotificationCenter;
- (void)setDelegate:(id<UNUserNotificationCenterDelegate>)delegate;

@end
