// Why the system runs an app in the background. On the main thread.
#import "UIApplication.h"

extern NSString *const UIApplicationLaunchOptionsLocationKey;
extern NSString *const UIApplicationLaunchOptionsRemoteNotificationKey;
extern NSString *const UIApplicationLaunchOptionsBluetoothCentralsKey;
extern NSString *const UIApplicationLaunchOptionsURLKey;

@protocol UIWakeHandling
- (void)application:(UIApplication *)application
    didReceiveRemoteNotification:(NSDictionary *)information
          fetchCompletionHandler:(void (^)(NSUInteger result))completion;
- (void)application:(UIApplication *)application
    performFetchWithCompletionHandler:(void (^)(NSUInteger result))completion;
- (void)application:(UIApplication *)application
    handleEventsForBackgroundURLSession:(NSString *)identifier
                      completionHandler:(void (^)(void))completion;
- (BOOL)application:(UIApplication *)application openURL:(NSURL *)address options:(NSDictionary *)options;
- (BOOL)application:(UIApplication *)application
    continueUserActivity:(id)activity
      restorationHandler:(void (^)(NSArray *objects))handler;
- (void)application:(UIApplication *)application
    performActionForShortcutItem:(id)item
               completionHandler:(void (^)(BOOL handled))completion;
@end

// reason: push, fetch, url-session, task, pushkit, location, url (address), activity (type), shortcut, notification. False: the app does not handle it.
BOOL ui_wake(UIApplication *application, NSDictionary *order);
// What STANDIN_LAUNCH_REASON makes of the options of a launch; null without it.
NSDictionary *ui_launch_options(void);
