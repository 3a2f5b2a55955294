#import "UIWake.h"
#include <stdlib.h>

NSString *const UIApplicationLaunchOptionsLocationKey = @"UIApplicationLaunchOptionsLocationKey";
NSString *const UIApplicationLaunchOptionsRemoteNotificationKey = @"UIApplicationLaunchOptionsRemoteNotificationKey";
NSString *const UIApplicationLaunchOptionsBluetoothCentralsKey = @"UIApplicationLaunchOptionsBluetoothCentralsKey";

// The frameworks of these classes are linked by the apps that use them, not by UIKit.
@interface NSObject (SystemSide)
+ (id)sharedScheduler;
- (void)launchTaskWithIdentifier:(NSString *)identifier;
+ (void)deliverPush;
+ (void)deliverLocation;
@end

static BOOL wake_delegate(UIApplication *application, SEL selector, void (^call)(id<UIWakeHandling> delegate)) {
  id delegate = [application delegate];
  if (![delegate respondsToSelector:selector]) return NO;
  call(delegate);
  return YES;
}

BOOL ui_wake(UIApplication *application, NSDictionary *order) {
  NSString *reason = [order objectForKey:@"reason"];
  if ([reason isEqualToString:@"push"])
    return wake_delegate(application, @selector(application:didReceiveRemoteNotification:fetchCompletionHandler:),
                         ^(id<UIWakeHandling> delegate) {
                           [delegate application:application
                               didReceiveRemoteNotification:@{
                                 @"aps" : @{@"content-available" : @1}
                               }
                                     fetchCompletionHandler:^(NSUInteger result){}];
                         });
  if ([reason isEqualToString:@"fetch"])
    return wake_delegate(application, @selector(application:performFetchWithCompletionHandler:),
                         ^(id<UIWakeHandling> delegate) {
                           [delegate application:application performFetchWithCompletionHandler:^(NSUInteger result){}];
                         });
  if ([reason isEqualToString:@"url-session"])
    return wake_delegate(application, @selector(application:handleEventsForBackgroundURLSession:completionHandler:),
                         ^(id<UIWakeHandling> delegate) {
                           [delegate application:application
                               handleEventsForBackgroundURLSession:@"transfer"
                                                 completionHandler:^{}];
                         });
  if ([reason isEqualToString:@"task"])
    [[NSClassFromString(@"BGTaskScheduler") sharedScheduler]
        launchTaskWithIdentifier:[order objectForKey:@"identifier"]];
  else if ([reason isEqualToString:@"pushkit"])
    [NSClassFromString(@"PKPushRegistry") deliverPush];
  else if ([reason isEqualToString:@"location"])
    [NSClassFromString(@"CLLocationManager") deliverLocation];
  else
    return NO;
  return YES;
}

NSDictionary *ui_launch_options(void) {
  const char *reason = getenv("STANDIN_LAUNCH_REASON");
  if (reason == NULL) return nil;
  NSString *name = [NSString stringWithUTF8String:reason];
  if ([name isEqualToString:@"location"])
    return @{UIApplicationLaunchOptionsLocationKey : [NSNumber numberWithBool:YES]};
  if ([name isEqualToString:@"push"]) return @{UIApplicationLaunchOptionsRemoteNotificationKey : @{@"aps" : @{}}};
  return @{UIApplicationLaunchOptionsBluetoothCentralsKey : @[ name ]};
}
