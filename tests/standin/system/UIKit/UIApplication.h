#import <Foundation/Foundation.h>
@class UIApplication, UIEvent;

typedef NS_ENUM(NSInteger, UIApplicationState) {
  UIApplicationStateActive,
  UIApplicationStateInactive,
  UIApplicationStateBackground,
};

extern NSString *const UIApplicationDidFinishLaunchingNotification;
extern NSString *const UIApplicationWillEnterForegroundNotification;
extern NSString *const UIApplicationDidBecomeActiveNotification;
extern NSString *const UIApplicationWillResignActiveNotification;
extern NSString *const UIApplicationDidEnterBackgroundNotification;
extern NSString *const UIApplicationWillTerminateNotification;
extern NSString *const UIApplicationDidReceiveMemoryWarningNotification;

// Every method is optional.
@protocol UIApplicationDelegate <NSObject>
@optional
- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)options;
- (void)applicationWillEnterForeground:(UIApplication *)application;
- (void)applicationDidBecomeActive:(UIApplication *)application;
- (void)applicationWillResignActive:(UIApplication *)application;
- (void)applicationDidEnterBackground:(UIApplication *)application;
- (void)applicationWillTerminate:(UIApplication *)application;
@end

@interface UIApplication : NSObject {
  UIApplicationState _applicationState;
  id<UIApplicationDelegate> _delegate;
}

+ (UIApplication *)sharedApplication;
- (UIApplicationState)applicationState;
- (id<UIApplicationDelegate>)delegate;
- (void)setDelegate:(id<UIApplicationDelegate>)delegate;
- (void)sendEvent:(UIEvent *)event;

@end

@interface UIApplication (Scenes)
- (NSSet *)connectedScenes;
@end

// Does not return. Launched into the background when STANDIN_STATE is "background".
int UIApplicationMain(int argc, char *argv[], NSString *application_class, NSString *delegate_class);
