#import "UIScene.h"
#import "UIApplication.h"

NSString *const UISceneWillConnectNotification = @"UISceneWillConnectNotification";
NSString *const UISceneDidDisconnectNotification = @"UISceneDidDisconnectNotification";
NSString *const UISceneDidActivateNotification = @"UISceneDidActivateNotification";
NSString *const UISceneWillDeactivateNotification = @"UISceneWillDeactivateNotification";
NSString *const UISceneWillEnterForegroundNotification = @"UISceneWillEnterForegroundNotification";
NSString *const UISceneDidEnterBackgroundNotification = @"UISceneDidEnterBackgroundNotification";

static NSMutableSet *connected;

@implementation UIApplication (Scenes)

- (NSSet *)connectedScenes {
  return [[connected copy] autorelease];
}

@end

@implementation UIScene

- (void)connect {
  if (connected == nil) connected = [NSMutableSet new];
  [connected addObject:self];
  [self enter:UISceneActivationStateUnattached posting:UISceneWillConnectNotification];
}

- (UISceneActivationState)activationState {
  return _activationState;
}

- (void)enter:(UISceneActivationState)state posting:(NSString *)name {
  _activationState = state;
  if (state == UISceneActivationStateUnattached && name == UISceneDidDisconnectNotification) [connected removeObject:self];
  [[NSNotificationCenter defaultCenter] postNotificationName:name object:self];
}

- (void)follow:(NSNotification *)notification {
  NSString *name = [notification name];
  if ([name isEqualToString:UIApplicationWillEnterForegroundNotification])
    [self enter:UISceneActivationStateForegroundInactive posting:UISceneWillEnterForegroundNotification];
  else if ([name isEqualToString:UIApplicationDidBecomeActiveNotification])
    [self enter:UISceneActivationStateForegroundActive posting:UISceneDidActivateNotification];
  else if ([name isEqualToString:UIApplicationWillResignActiveNotification])
    [self enter:UISceneActivationStateForegroundInactive posting:UISceneWillDeactivateNotification];
  else if ([name isEqualToString:UIApplicationDidEnterBackgroundNotification])
    [self enter:UISceneActivationStateBackground posting:UISceneDidEnterBackgroundNotification];
  else if ([name isEqualToString:UIApplicationWillTerminateNotification])
    [self enter:UISceneActivationStateUnattached posting:UISceneDidDisconnectNotification];
}

@end

void ui_follow_with_scene(void) {
  if ([[[NSBundle mainBundle] infoDictionary] objectForKey:@"UIApplicationSceneManifest"] == nil) return;
  UIScene *scene = [UIScene new];
  [[NSNotificationCenter defaultCenter] addObserver:scene
                                           selector:@selector(follow:)
                                               name:nil
                                             object:[UIApplication sharedApplication]];
  [scene connect];
}
