#import "UIWake.h"
#import "UIScene.h"
#include <stdlib.h>

NSString *const UIApplicationLaunchOptionsLocationKey = @"UIApplicationLaunchOptionsLocationKey";
NSString *const UIApplicationLaunchOptionsRemoteNotificationKey = @"UIApplicationLaunchOptionsRemoteNotificationKey";
NSString *const UIApplicationLaunchOptionsBluetoothCentralsKey = @"UIApplicationLaunchOptionsBluetoothCentralsKey";
NSString *const UIApplicationLaunchOptionsURLKey = @"UIApplicationLaunchOptionsURLKey";

// GNUstep's class has no methods.
@interface UIUserActivity : NSUserActivity {
  NSString *_activityType;
}
@end

@implementation UIUserActivity

- (instancetype)initWithActivityType:(NSString *)type {
  if ((self = [super init]) == nil) return nil;
  _activityType = [type copy];
  return self;
}

- (void)dealloc {
  [_activityType release];
  [super dealloc];
}

- (NSString *)activityType {
  return _activityType;
}

@end

// The frameworks of these classes are linked by the apps that use them, not by UIKit.
@interface NSObject (SystemSide)
+ (id)sharedScheduler;
- (void)launchTaskWithIdentifier:(NSString *)identifier;
+ (void)deliverPush;
+ (void)deliverLocation;
+ (void)deliverResponse;
@end

static BOOL wake_delegate(UIApplication *application, SEL selector, void (^call)(id<UIWakeHandling> delegate)) {
  id delegate = [application delegate];
  if (![delegate respondsToSelector:selector]) return NO;
  call(delegate);
  return YES;
}

// Where a scene has a delegate, that one opens addresses, otherwise the app's.
static BOOL open_address(UIApplication *application, NSString *address) {
  for (UIScene *scene in [application connectedScenes]) {
    if (![[scene delegate] respondsToSelector:@selector(scene:openURLContexts:)]) continue;
    [[scene delegate] scene:scene openURLContexts:[NSSet setWithObject:[UIOpenURLContext contextWithAddress:address]]];
    return YES;
  }
  return wake_delegate(application, @selector(application:openURL:options:), ^(id<UIWakeHandling> delegate) {
    [delegate application:application openURL:[NSURL URLWithString:address] options:@{}];
  });
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
  if ([reason isEqualToString:@"url"])
    return open_address(application, [order objectForKey:@"address"] ?: @"lightleak:open");
  if ([reason isEqualToString:@"activity"])
    return wake_delegate(
        application, @selector(application:continueUserActivity:restorationHandler:), ^(id<UIWakeHandling> delegate) {
          UIUserActivity *activity = [[UIUserActivity alloc] initWithActivityType:[order objectForKey:@"type"]];
          [delegate application:application
              continueUserActivity:[activity autorelease]
                restorationHandler:^(NSArray *objects){}];
        });
  if ([reason isEqualToString:@"shortcut"])
    return wake_delegate(application, @selector(application:performActionForShortcutItem:completionHandler:),
                         ^(id<UIWakeHandling> delegate) {
                           [delegate application:application
                               performActionForShortcutItem:@"new"
                                          completionHandler:^(BOOL handled){}];
                         });
  if ([reason isEqualToString:@"task"])
    [[NSClassFromString(@"BGTaskScheduler") sharedScheduler]
        launchTaskWithIdentifier:[order objectForKey:@"identifier"]];
  else if ([reason isEqualToString:@"pushkit"])
    [NSClassFromString(@"PKPushRegistry") deliverPush];
  else if ([reason isEqualToString:@"location"])
    [NSClassFromString(@"CLLocationManager") deliverLocation];
  else if ([reason isEqualToString:@"notification"])
    [NSClassFromString(@"UNUserNotificationCenter") deliverResponse];
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
  if ([name isEqualToString:@"url"]) return @{UIApplicationLaunchOptionsURLKey : @"lightleak:open"};
  if ([name isEqualToString:@"plain"]) return nil;
  return @{UIApplicationLaunchOptionsBluetoothCentralsKey : @[ name ]};
}
