// scanner: says that it only reads because iOS notifies it. At every change it reads thumbnails and full photos, on a queue of
// its own, also in the background. Where SCAN_FIRST_S is set, a timer scans again after so many seconds, and then every
// SCAN_EVERY_S: nothing sets the later scans off.
#import "../common/Picker.h"
#import "../common/Reader.h"
#import "../common/Witness.h"
#import <UIKit/UIKit.h>
#include <dispatch/dispatch.h>
#include <stdlib.h>

enum { THUMBNAILS = 4, FULL_PHOTOS = 2 };

static void scan(void) {
  PHFetchResult *assets = reader_fetch();
  NSUInteger count = [assets count];
  for (NSUInteger i = 0; i < THUMBNAILS && i < count; i++) reader_thumbnail([assets objectAtIndex:count - 1 - i]);
  for (NSUInteger i = 0; i < FULL_PHOTOS && i < count; i++) reader_data([assets objectAtIndex:count - 1 - i]);
}

static NSTimeInterval setting(const char *name) {
  const char *text = getenv(name);
  return text == NULL ? 0 : strtod(text, NULL);
}

@interface ScannerObserver : NSObject <PHPhotoLibraryChangeObserver> {
  dispatch_queue_t _queue;
  BOOL _hasFired;
}
- (void)scanBecauseOf:(long)notification;
- (void)scanByTimer:(NSTimer *)timer;
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
  NSString *trigger = witness_trigger();
  dispatch_async(_queue, ^{
    witness_act_for(notification);
    witness_set_off_by(trigger);
    scan();
    witness_set_off_by(nil);
    witness_act_for(0);
  });
}

// The launch has set the timer up, and so the first scan off; the later ones come because it is not stopped.
- (void)scanByTimer:(NSTimer *)timer {
  witness_set_off_by(_hasFired ? nil : @"launch");
  _hasFired = YES;
  [self scanBecauseOf:0];
  witness_set_off_by(nil);
}

@end

@interface ScannerDelegate : NSObject <UIApplicationDelegate> {
  ScannerObserver *_observer;
}
@end

@implementation ScannerDelegate

- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)options {
  witness_set_off_by(@"launch");
  _observer = [ScannerObserver new];
  reader_register(_observer);
  [_observer scanBecauseOf:0];
  if (setting("SCAN_FIRST_S") > 0) {
    NSTimer *timer = [[[NSTimer alloc] initWithFireDate:[NSDate dateWithTimeIntervalSinceNow:setting("SCAN_FIRST_S")]
                                               interval:setting("SCAN_EVERY_S")
                                                 target:_observer
                                               selector:@selector(scanByTimer:)
                                               userInfo:nil
                                                repeats:YES] autorelease];
    [[NSRunLoop mainRunLoop] addTimer:timer forMode:NSDefaultRunLoopMode];
  }
  witness_set_off_by(nil);
  return YES;
}

- (NSDictionary *)takeOrder:(NSDictionary *)order {
  reader_take_order(order) || picker_take_order(order);
  return nil;
}

@end

int main(int argc, char *argv[]) { return UIApplicationMain(argc, argv, nil, @"ScannerDelegate"); }
