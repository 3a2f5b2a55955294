// Everything that can run an app in the background. Each reads the library, so that a trace shows when.
#import "Case.h"
#import <BackgroundTasks/BGTaskScheduler.h>
#import <CoreLocation/CLLocationManager.h>
#import <PushKit/PKPushRegistry.h>

@interface WakeListener : NSObject <PKPushRegistryDelegate, CLLocationManagerDelegate>
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

@end

// Says to the system what may wake the app.
static NSDictionary *subscribe(NSDictionary *order) {
  WakeListener *listener = [WakeListener new];
  [[[PKPushRegistry alloc] initWithQueue:nil] setDelegate:listener];
  CLLocationManager *places = [CLLocationManager new];
  [places setDelegate:listener];
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

const struct named_case WAKE_CASES[] = {{"subscribe", subscribe}, {NULL, NULL}};
