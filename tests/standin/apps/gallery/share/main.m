// gallery's share extension: a process of its own, with an identifier of its own. It looks at the newest photo.
#import "../../common/Reader.h"
#import <UIKit/UIKit.h>

@interface ShareHandler : NSObject <UIExtensionRequestHandling>
@end

@implementation ShareHandler

- (void)beginRequestWithExtensionContext:(id)context {
  PHFetchResult *assets = reader_fetch();
  if ([assets count] > 0) reader_thumbnail([assets lastObject]);
}

- (NSDictionary *)takeOrder:(NSDictionary *)order {
  reader_take_order(order);
  return nil;
}

@end

int main(int argc, char *argv[]) { return NSExtensionMain(argc, argv); }
