#import "UNUserNotificationCenter.h"

@implementation UNUserNotificationCenter

+ (UNUserNotificationCenter *)currentNotificationCenter {
  static UNUserNotificationCenter *center;
  if (center == nil) center = [self new];
  return center;
}

- (void)setDelegate:(id<UNUserNotificationCenterDelegate>)delegate {
  _delegate = delegate;
}

// The system's side: the person taps a notification.
+ (void)deliverResponse {
  UNUserNotificationCenter *center = [self currentNotificationCenter];
  [center->_delegate userNotificationCenter:center didReceiveNotificationResponse:@"tap" withCompletionHandler:^{}];
}

@end
