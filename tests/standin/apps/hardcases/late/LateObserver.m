// Loaded long after the app has started.
#import "../../common/Witness.h"
#import <Photos/Photos.h>

@interface LateObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation LateObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  witness_notification(@"LateObserver");
  witness_notification_ends();
}

@end
