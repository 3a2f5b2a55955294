// What an app does when its state changes: it reads, in the delegate's methods, in a scene's, and in observers.
#import "Case.h"
#import <objc/runtime.h>
#import <unistd.h>

static BOOL reads;

void case_lifecycle(NSString *where) {
  if (!reads) return;
  witness_note(@"lifecycle", @{@"where" : where});
  reader_fetch();
}

@interface ReadingSceneDelegate : NSObject <UISceneDelegate>
@end

@implementation ReadingSceneDelegate

- (void)sceneDidBecomeActive:(UIScene *)scene {
  case_lifecycle(@"sceneDidBecomeActive:");
}

- (void)sceneDidEnterBackground:(UIScene *)scene {
  case_lifecycle(@"sceneDidEnterBackground:");
}

- (void)scene:(UIScene *)scene openURLContexts:(NSSet *)contexts {
  case_lifecycle(@"scene:openURLContexts:");
}

- (void)scene:(UIScene *)scene willConnectToSession:(id)session options:(UISceneConnectionOptions *)options {
  case_lifecycle(@"scene:willConnectToSession:options:");
}

- (void)noticed:(NSNotification *)notification {
  case_lifecycle([notification name]);
}

@end

// From now on lifecycle methods read. scene: the app's window gets a delegate. observe: names of notifications that are observed.
static NSDictionary *lifecycle(NSDictionary *order) {
  reads = YES;
  static ReadingSceneDelegate *delegate;
  if (delegate == nil) delegate = [ReadingSceneDelegate new];
  if ([[order objectForKey:@"scene"] boolValue])
    for (UIScene *scene in [[UIApplication sharedApplication] connectedScenes]) [scene setDelegate:delegate];
  for (NSString *name in [order objectForKey:@"observe"])
    [[NSNotificationCenter defaultCenter] addObserver:delegate selector:@selector(noticed:) name:name object:nil];
  return nil;
}

// A new window with that delegate. address: what it is opened for.
static NSDictionary *window(NSDictionary *order) {
  NSString *address = [order objectForKey:@"address"];
  UIScene *scene = [UIScene new];
  [scene setDelegate:[ReadingSceneDelegate new]];
  [scene connectFor:address == nil ? nil : [NSSet setWithObject:[UIOpenURLContext contextWithAddress:address]]];
  return nil;
}

// Posts a notification. how: name, details, object.
static NSDictionary *post(NSDictionary *order) {
  NSString *name = [order objectForKey:@"notification"], *how = [order objectForKey:@"how"];
  NSNotificationCenter *center = [NSNotificationCenter defaultCenter];
  if ([name isEqualToString:@"active"]) name = UIApplicationDidBecomeActiveNotification;
  if ([name isEqualToString:@"inactive"]) name = UIApplicationWillResignActiveNotification;
  if ([how isEqualToString:@"object"])
    [center postNotification:[NSNotification notificationWithName:name object:nil]];
  else if ([how isEqualToString:@"details"])
    [center postNotificationName:name object:nil userInfo:nil];
  else
    [center postNotificationName:name object:nil];
  return nil;
}

static UIApplicationState slow_state(id self, SEL _cmd) {
  usleep(50000);
  return UIApplicationStateActive;
}

// From now on the app takes long to say in which state it is.
static NSDictionary *take_long(NSDictionary *order) {
  method_setImplementation(class_getInstanceMethod([UIApplication class], @selector(applicationState)), (IMP)slow_state);
  return nil;
}

const struct named_case LIFECYCLE_CASES[] = {{"lifecycle", lifecycle}, {"window", window}, {"post", post}, {"take-long", take_long}, {NULL, NULL}};
