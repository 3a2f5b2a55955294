// Scenes: the windows of an app, each with a state. Apps whose Info.plist names a scene manifest have one.
#import <Foundation/Foundation.h>

typedef NS_ENUM(NSInteger, UISceneActivationState) {
  UISceneActivationStateUnattached = -1,
  UISceneActivationStateForegroundActive,
  UISceneActivationStateForegroundInactive,
  UISceneActivationStateBackground,
};

extern NSString *const UISceneWillConnectNotification;
extern NSString *const UISceneDidDisconnectNotification;
extern NSString *const UISceneDidActivateNotification;
extern NSString *const UISceneWillDeactivateNotification;
extern NSString *const UISceneWillEnterForegroundNotification;
extern NSString *const UISceneDidEnterBackgroundNotification;

@class UIScene;

// What a scene is connected for, and the addresses that it is to open. Source: UISceneOptions.h, UIOpenURLContext.h.
@interface UIOpenURLContext : NSObject {
  NSString *_address;
}
+ (instancetype)contextWithAddress:(NSString *)address;
@end

@interface UISceneConnectionOptions : NSObject {
  NSSet *_URLContexts;
}
- (instancetype)initWithURLContexts:(NSSet *)contexts;
- (NSSet *)URLContexts;
- (NSSet *)userActivities;
- (id)shortcutItem;
- (id)notificationResponse;
@end

@protocol UISceneDelegate <NSObject>
@optional
- (void)scene:(UIScene *)scene willConnectToSession:(id)session options:(UISceneConnectionOptions *)options;
- (void)sceneDidDisconnect:(UIScene *)scene;
- (void)sceneDidBecomeActive:(UIScene *)scene;
- (void)sceneWillResignActive:(UIScene *)scene;
- (void)sceneWillEnterForeground:(UIScene *)scene;
- (void)sceneDidEnterBackground:(UIScene *)scene;
- (void)scene:(UIScene *)scene openURLContexts:(NSSet *)contexts;
- (void)scene:(UIScene *)scene continueUserActivity:(id)activity;
@end

@interface UIScene : NSObject {
  UISceneActivationState _activationState;
  id<UISceneDelegate> _delegate;
}

- (UISceneActivationState)activationState;
- (id<UISceneDelegate>)delegate;
- (void)setDelegate:(id<UISceneDelegate>)delegate;
// The system's side: another window, or this one in another state.
- (void)connect;
- (void)connectFor:(NSSet *)contexts;
- (void)enter:(UISceneActivationState)state posting:(NSString *)notification;

@end

// Follows the application's notifications, when the app has scenes.
void ui_follow_with_scene(void);
BOOL ui_has_scene_delegate(void);
