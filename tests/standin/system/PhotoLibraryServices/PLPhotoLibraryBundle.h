#import "PLLibraryContents.h"
@class PLAssetsdClient;

// Posted with the change's dictionary as user info, on assetsd's connection thread, while changes are being observed.
extern NSString *const PLPhotoLibraryBundleDidMergeNotification;
extern NSString *const PLPhotoLibraryBundleDidBecomeUnavailableNotification;

// The system photo library in this process: its connection, its contents, its changes.
@interface PLPhotoLibraryBundle : NSObject {
  NSURL *_libraryURL;
  PLAssetsdClient *_assetsdClient;
  PLLibraryContents *_contents;
  BOOL _observing;
}

+ (instancetype)systemLibraryBundle;
- (instancetype)initWithLibraryURL:(NSURL *)url bundleController:(id)controller;
- (PLAssetsdClient *)assetsdClient;
// Opens the library when it is not open: this is what binds the connection. Null when it cannot be opened.
- (PLLibraryContents *)contents;
- (void)beginObservingChanges;
- (void)endObservingChanges;

@end
