// gallery: reads photos only while a person has it open: thumbnails when it comes to the foreground, photos when it is touched.
#import "../common/Picker.h"
#import "../common/Reader.h"
#import "../common/Witness.h"
#import <UIKit/UIKit.h>

enum { SHOWN = 6, OPENED = 2 };

@interface GalleryDelegate : NSObject <UIApplicationDelegate>
@end

@implementation GalleryDelegate

- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)options {
  UITapGestureRecognizer *tap = [[UITapGestureRecognizer alloc] initWithTarget:self action:@selector(openPhotos:)];
  [[UIWindow keyWindow] addGestureRecognizer:tap];
  return YES;
}

- (void)applicationDidBecomeActive:(UIApplication *)application {
  witness_set_off_by(@"activation");
  PHFetchResult *assets = reader_fetch();
  for (NSUInteger i = 0; i < SHOWN && i < [assets count]; i++) reader_thumbnail([assets objectAtIndex:i]);
  witness_set_off_by(nil);
}

- (void)openPhotos:(UITapGestureRecognizer *)tap {
  witness_set_off_by(@"touch");
  PHFetchResult *assets = reader_fetch();
  for (NSUInteger i = 0; i < OPENED && i < [assets count]; i++) reader_data([assets objectAtIndex:i]);
  witness_set_off_by(nil);
}

- (NSDictionary *)takeOrder:(NSDictionary *)order {
  reader_take_order(order) || picker_take_order(order);
  return nil;
}

@end

int main(int argc, char *argv[]) { return UIApplicationMain(argc, argv, nil, @"GalleryDelegate"); }
