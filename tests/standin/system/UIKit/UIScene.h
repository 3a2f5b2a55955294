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

@interface UIScene : NSObject {
  UISceneActivationState _activationState;
}

- (UISceneActivationState)activationState;
// The system's side: another window, or this one in another state.
- (void)connect;
- (void)enter:(UISceneActivationState)state posting:(NSString *)notification;

@end

// Follows the application's notifications, when the app has scenes.
void ui_follow_with_scene(void);
