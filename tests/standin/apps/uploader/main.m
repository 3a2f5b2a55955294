// uploader: has the system upload its photos. It switches its upload extension on at launch, and reads no photo itself.
#import "../common/Reader.h"
#import "../common/Uploads.h"
#import "../common/Witness.h"
#import <UIKit/UIKit.h>

@interface UploaderDelegate : NSObject <UIApplicationDelegate>
@end

@implementation UploaderDelegate

- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)options {
  if (upload_requests() == Nil) return YES;
  witness_call(@"-[PHPhotoLibrary setUploadJobExtensionEnabled:error:]", @"open");
  [[PHPhotoLibrary sharedPhotoLibrary] setUploadJobExtensionEnabled:true error:NULL];
  return YES;
}

- (NSDictionary *)takeOrder:(NSDictionary *)order {
  reader_take_order(order);
  return nil;
}

@end

int main(int argc, char *argv[]) { return UIApplicationMain(argc, argv, nil, @"UploaderDelegate"); }
