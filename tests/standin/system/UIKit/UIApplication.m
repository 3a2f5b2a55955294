#import "UIApplication.h"
#import "UIApplicationPrivate.h"
#import "UIScene.h"
#import "UIWindow.h"

NSString *const UIApplicationDidFinishLaunchingNotification = @"UIApplicationDidFinishLaunchingNotification";
NSString *const UIApplicationWillEnterForegroundNotification = @"UIApplicationWillEnterForegroundNotification";
NSString *const UIApplicationDidBecomeActiveNotification = @"UIApplicationDidBecomeActiveNotification";
NSString *const UIApplicationWillResignActiveNotification = @"UIApplicationWillResignActiveNotification";
NSString *const UIApplicationDidEnterBackgroundNotification = @"UIApplicationDidEnterBackgroundNotification";
NSString *const UIApplicationWillTerminateNotification = @"UIApplicationWillTerminateNotification";
NSString *const UIApplicationDidReceiveMemoryWarningNotification = @"UIApplicationDidReceiveMemoryWarningNotification";

static UIApplication *shared;

@implementation UIApplication

+ (UIApplication *)sharedApplication {
  return shared;
}

- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _applicationState = UIApplicationStateInactive;
  shared = self;
  return self;
}

- (UIApplicationState)applicationState {
  return _applicationState;
}

- (id<UIApplicationDelegate>)delegate {
  return _delegate;
}

- (void)setDelegate:(id<UIApplicationDelegate>)delegate {
  _delegate = [delegate retain];
}

- (void)sendEvent:(UIEvent *)event {
  [[UIWindow keyWindow] sendEvent:event];
}

// Where scenes have delegates, the app's is not called for what they are called for.
- (void)tell:(SEL)message posting:(NSString *)notification {
  bool scene = ui_has_scene_delegate() && message != @selector(applicationWillTerminate:);
  if (!scene && [_delegate respondsToSelector:message]) [(id)_delegate performSelector:message withObject:self];
  [[NSNotificationCenter defaultCenter] postNotificationName:notification object:self];
}

- (void)finishLaunchingInBackground:(BOOL)background options:(NSDictionary *)options {
  _applicationState = background ? UIApplicationStateBackground : UIApplicationStateInactive;
  if ([_delegate respondsToSelector:@selector(application:didFinishLaunchingWithOptions:)])
    [_delegate application:self didFinishLaunchingWithOptions:options];
  [[NSNotificationCenter defaultCenter] postNotificationName:UIApplicationDidFinishLaunchingNotification
                                                      object:self
                                                    userInfo:options];
  if (!background) [self becomeActive];
}

- (void)becomeActive {
  if (_applicationState == UIApplicationStateActive) return;
  _applicationState = UIApplicationStateActive;
  [self tell:@selector(applicationDidBecomeActive:) posting:UIApplicationDidBecomeActiveNotification];
}

- (void)enterForeground {
  if (_applicationState == UIApplicationStateBackground) {
    _applicationState = UIApplicationStateInactive;
    [self tell:@selector(applicationWillEnterForeground:) posting:UIApplicationWillEnterForegroundNotification];
  }
  [self becomeActive];
}

- (void)resignActive {
  if (_applicationState != UIApplicationStateActive) return;
  [self tell:@selector(applicationWillResignActive:) posting:UIApplicationWillResignActiveNotification];
  _applicationState = UIApplicationStateInactive;
}

- (void)enterBackground {
  [self resignActive];
  if (_applicationState == UIApplicationStateBackground) return;
  _applicationState = UIApplicationStateBackground;
  [self tell:@selector(applicationDidEnterBackground:) posting:UIApplicationDidEnterBackgroundNotification];
}

- (void)terminate {
  [self tell:@selector(applicationWillTerminate:) posting:UIApplicationWillTerminateNotification];
}

@end
