// quicksend: has an observer, and does nothing when it is told of a change: what a messenger says of itself.
#import "../common/Picker.h"
#import "../common/Reader.h"
#import "../common/Witness.h"
#import <UIKit/UIKit.h>

@interface QuickSendObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation QuickSendObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  witness_notification(@"QuickSendObserver");
  witness_notification_ends();
}

@end

@interface QuickSendDelegate : NSObject <UIApplicationDelegate> {
  QuickSendObserver *_observer;
}
@end

@implementation QuickSendDelegate

- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)options {
  _observer = [QuickSendObserver new];
  reader_register(_observer);
  return YES;
}

- (NSDictionary *)takeOrder:(NSDictionary *)order {
  reader_take_order(order) || picker_take_order(order);
  return nil;
}

@end

int main(int argc, char *argv[]) { return UIApplicationMain(argc, argv, nil, @"QuickSendDelegate"); }
