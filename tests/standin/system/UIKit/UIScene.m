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

@implementation UIOpenURLContext

+ (instancetype)contextWithAddress:(NSString *)address {
  UIOpenURLContext *context = [[self new] autorelease];
  context->_address = [address copy];
  return context;
}

@end

@implementation UISceneConnectionOptions

- (instancetype)initWithURLContexts:(NSSet *)contexts {
  if ((self = [super init]) == nil) return nil;
  _URLContexts = [contexts copy] ?: [NSSet new];
  return self;
}

- (NSSet *)URLContexts {
  return _URLContexts;
}

- (NSSet *)userActivities {
  return [NSSet set];
}

- (id)shortcutItem {
  return nil;
}

- (id)notificationResponse {
  return nil;
}

@end

@implementation UIScene

- (void)connect {
  [self connectFor:nil];
}

- (void)connectFor:(NSSet *)contexts {
  if (connected == nil) connected = [NSMutableSet new];
  [connected addObject:self];
  UISceneConnectionOptions *options = [[[UISceneConnectionOptions alloc] initWithURLContexts:contexts] autorelease];
  if ([_delegate respondsToSelector:@selector(scene:willConnectToSession:options:)])
    [_delegate scene:self willConnectToSession:nil options:options];
  [self enter:UISceneActivationStateUnattached posting:UISceneWillConnectNotification];
}

- (id<UISceneDelegate>)delegate {
  return _delegate;
}

- (void)setDelegate:(id<UISceneDelegate>)delegate {
  _delegate = [delegate retain];
}

// The delegate hears of a change before those who observe it.
- (void)callDelegateFor:(NSString *)name {
  NSDictionary *calls = @{
    UISceneDidDisconnectNotification : @"sceneDidDisconnect:",
    UISceneDidActivateNotification : @"sceneDidBecomeActive:",
    UISceneWillDeactivateNotification : @"sceneWillResignActive:",
    UISceneWillEnterForegroundNotification : @"sceneWillEnterForeground:",
    UISceneDidEnterBackgroundNotification : @"sceneDidEnterBackground:",
  };
  NSString *call = [calls objectForKey:name];
  if (call == nil || ![_delegate respondsToSelector:NSSelectorFromString(call)]) return;
  [(id)_delegate performSelector:NSSelectorFromString(call) withObject:self];
}

- (UISceneActivationState)activationState {
  return _activationState;
}

- (void)enter:(UISceneActivationState)state posting:(NSString *)name {
  _activationState = state;
  if (state == UISceneActivationStateUnattached && name == UISceneDidDisconnectNotification) [connected removeObject:self];
  [self callDelegateFor:name];
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

BOOL ui_has_scene_delegate(void) {
  for (UIScene *scene in connected)
    if ([scene delegate] != nil) return YES;
  return NO;
}

// Source: the keys of Info.plist that Xcode writes for an app with scenes.
static Class delegate_class(void) {
  NSDictionary *manifest = [[[NSBundle mainBundle] infoDictionary] objectForKey:@"UIApplicationSceneManifest"];
  NSArray *configurations = [[manifest objectForKey:@"UISceneConfigurations"]
      objectForKey:@"UIWindowSceneSessionRoleApplication"];
  return NSClassFromString([[configurations firstObject] objectForKey:@"UISceneDelegateClassName"]);
}

void ui_follow_with_scene(void) {
  if ([[[NSBundle mainBundle] infoDictionary] objectForKey:@"UIApplicationSceneManifest"] == nil) return;
  UIScene *scene = [UIScene new];
  if (delegate_class() != Nil) [scene setDelegate:[[delegate_class() new] autorelease]];
  [[NSNotificationCenter defaultCenter] addObserver:scene
                                           selector:@selector(follow:)
                                               name:nil
                                             object:[UIApplication sharedApplication]];
  [scene connect];
}
