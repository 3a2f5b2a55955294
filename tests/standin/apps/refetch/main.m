// refetch: queries the library again in every change callback, wherever it runs: what Tencent described.
#import "../common/Picker.h"
#import "../common/Reader.h"
#import "../common/Witness.h"
#import <UIKit/UIKit.h>

@interface RefetchObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation RefetchObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  witness_notification(@"RefetchObserver");
  reader_fetch();
  witness_notification_ends();
}

@end

@interface RefetchDelegate : NSObject <UIApplicationDelegate> {
  RefetchObserver *_observer;
}
@end

@implementation RefetchDelegate

- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)options {
  _observer = [RefetchObserver new];
  reader_register(_observer);
  reader_fetch();
  return YES;
}

- (NSDictionary *)takeOrder:(NSDictionary *)order {
  reader_take_order(order) || picker_take_order(order);
  return nil;
}

@end

int main(int argc, char *argv[]) { return UIApplicationMain(argc, argv, nil, @"RefetchDelegate"); }
