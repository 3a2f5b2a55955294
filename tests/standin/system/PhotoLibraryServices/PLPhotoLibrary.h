#import "PLPhotoLibraryBundle.h"

// The private layer's library object. Source: class dump of 17.0.3.
@interface PLPhotoLibrary : NSObject {
  PLPhotoLibraryBundle *_libraryBundle;
}

// Opening it binds the connection to assetsd.
+ (instancetype)systemPhotoLibrary;
- (PLPhotoLibraryBundle *)libraryBundle;
- (PLLibraryContents *)contents;
- (void)performBlockAndWait:(void (^)(void))block;

@end
