#import "PLPhotoLibraryBundle.h"

// The private layer's library object. Source: facts, private_pl rows.
@interface PLPhotoLibrary : NSObject {
  PLPhotoLibraryBundle *_libraryBundle;
}

// Opening it binds the connection to assetsd.
+ (instancetype)systemPhotoLibrary;
- (PLPhotoLibraryBundle *)libraryBundle;
- (PLLibraryContents *)contents;
- (void)performBlockAndWait:(void (^)(void))block;

@end
