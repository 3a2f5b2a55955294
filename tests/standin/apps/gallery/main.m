// gallery: reads photos only while a person has it open.
#import "../common/Picker.h"
#import "../common/Reader.h"
#import <UIKit/UIKit.h>

enum { SHOWN = 6 };

@interface GalleryDelegate : NSObject <UIApplicationDelegate>
@end

@implementation GalleryDelegate

- (void)applicationDidBecomeActive:(UIApplication *)application {
  PHFetchResult *assets = reader_fetch();
  for (NSUInteger i = 0; i < SHOWN && i < [assets count]; i++) reader_thumbnail([assets objectAtIndex:i]);
}

- (NSDictionary *)takeOrder:(NSDictionary *)order {
  reader_take_order(order) || picker_take_order(order);
  return nil;
}

@end

int main(int argc, char *argv[]) { return UIApplicationMain(argc, argv, nil, @"GalleryDelegate"); }
