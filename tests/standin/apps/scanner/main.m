// scanner: at every change it reads thumbnails and full photos, on a queue of its own, also in the background.
#import "../common/Picker.h"
#import "../common/Reader.h"
#import "../common/Witness.h"
#import <UIKit/UIKit.h>
#include <dispatch/dispatch.h>

enum { THUMBNAILS = 4, FULL_PHOTOS = 2 };

@interface ScannerObserver : NSObject <PHPhotoLibraryChangeObserver> {
  dispatch_queue_t _queue;
}
- (void)scanBecauseOf:(long)notification;
@end

@implementation ScannerObserver

- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _queue = dispatch_queue_create("org.lightleak.scanner.scan", DISPATCH_QUEUE_SERIAL);
  return self;
}

- (void)photoLibraryDidChange:(PHChange *)change {
  long notification = witness_notification(@"ScannerObserver");
  [self scanBecauseOf:notification];
  witness_notification_ends();
}

- (void)scanBecauseOf:(long)notification {
  dispatch_async(_queue, ^{
    witness_act_for(notification);
    PHFetchResult *assets = reader_fetch();
    NSUInteger count = [assets count];
    for (NSUInteger i = 0; i < THUMBNAILS && i < count; i++) reader_thumbnail([assets objectAtIndex:count - 1 - i]);
    for (NSUInteger i = 0; i < FULL_PHOTOS && i < count; i++) reader_data([assets objectAtIndex:count - 1 - i]);
    witness_act_for(0);
  });
}

@end

@interface ScannerDelegate : NSObject <UIApplicationDelegate> {
  ScannerObserver *_observer;
}
@end

@implementation ScannerDelegate

- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)options {
  _observer = [ScannerObserver new];
  reader_register(_observer);
  [_observer scanBecauseOf:0];
  return YES;
}

- (NSDictionary *)takeOrder:(NSDictionary *)order {
  reader_take_order(order) || picker_take_order(order);
  return nil;
}

@end

int main(int argc, char *argv[]) { return UIApplicationMain(argc, argv, nil, @"ScannerDelegate"); }
