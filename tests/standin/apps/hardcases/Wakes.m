// Everything that can run an app in the background. Each reads the library, so that a trace shows when.
#import "Case.h"
#import <BackgroundTasks/BGTaskScheduler.h>
#import <CoreLocation/CLLocationManager.h>
#import <PushKit/PKPushRegistry.h>
#import <UserNotifications/UNUserNotificationCenter.h>
#import <UIKit/UIScene.h>

@interface WakeListener : NSObject <PKPushRegistryDelegate, CLLocationManagerDelegate, UNUserNotificationCenterDelegate>
@end

@implementation WakeListener

- (void)pushRegistry:(PKPushRegistry *)registry
    didReceiveIncomingPushWithPayload:(PKPushPayload *)payload
                              forType:(NSString *)type
                withCompletionHandler:(void (^)(void))completion {
  witness_note(@"wake", @{@"reason" : @"pushkit"});
  reader_fetch();
  completion();
}

- (void)locationManager:(CLLocationManager *)manager didUpdateLocations:(NSArray *)locations {
  witness_note(@"wake", @{@"reason" : @"location"});
  reader_fetch();
}

- (void)userNotificationCenter:(UNUserNotificationCenter *)center
    didReceiveNotificationResponse:(id)response
             withCompletionHandler:(void (^)(void))completion {
  witness_note(@"wake", @{@"reason" : @"notification"});
  reader_fetch();
  completion();
}

@end

// Says to the system what may wake the app.
static NSDictionary *subscribe(NSDictionary *order) {
  WakeListener *listener = [WakeListener new];
  [[[PKPushRegistry alloc] initWithQueue:nil] setDelegate:listener];
  CLLocationManager *places = [CLLocationManager new];
  [places setDelegate:listener];
  [[UNUserNotificationCenter currentNotificationCenter] setDelegate:listener];
  [places startMonitoringSignificantLocationChanges];
  [[BGTaskScheduler sharedScheduler] registerForTaskWithIdentifier:@"org.lightleak.refresh"
                                                        usingQueue:nil
                                                     launchHandler:^(BGTask *task) {
                                                       witness_note(@"wake", @{@"reason" : @"task"});
                                                       reader_fetch();
                                                       [task setTaskCompletedWithSuccess:true];
                                                     }];
  [[BGTaskScheduler sharedScheduler] submitTaskRequest:nil error:NULL];
  return nil;
}

static UIScene *scene_numbered(NSInteger number) {
  static UIScene *second;
  if (number == 2 && second == nil) [second = [UIScene new] connect];
  if (number == 2) return second;
  for (UIScene *scene in [[UIApplication sharedApplication] connectedScenes])
    if (scene != second) return scene;
  return nil;
}

// number: 1 (the app's own window) or 2; to: activate, deactivate, foreground, background, disconnect.
static NSDictionary *scene(NSDictionary *order) {
  UIScene *scene = scene_numbered([[order objectForKey:@"number"] integerValue]);
  NSString *to = [order objectForKey:@"to"];
  if ([to isEqualToString:@"activate"])
    [scene enter:UISceneActivationStateForegroundActive posting:UISceneDidActivateNotification];
  else if ([to isEqualToString:@"deactivate"])
    [scene enter:UISceneActivationStateForegroundInactive posting:UISceneWillDeactivateNotification];
  else if ([to isEqualToString:@"foreground"])
    [scene enter:UISceneActivationStateForegroundInactive posting:UISceneWillEnterForegroundNotification];
  else if ([to isEqualToString:@"background"])
    [scene enter:UISceneActivationStateBackground posting:UISceneDidEnterBackgroundNotification];
  else
    [scene enter:UISceneActivationStateUnattached posting:UISceneDidDisconnectNotification];
  return nil;
}

const struct named_case WAKE_CASES[] = {{"subscribe", subscribe}, {"scene", scene}, {NULL, NULL}};
