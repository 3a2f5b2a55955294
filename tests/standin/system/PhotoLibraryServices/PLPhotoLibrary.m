#import "PLPhotoLibrary.h"
#include <dispatch/dispatch.h>

@implementation PLPhotoLibrary

+ (instancetype)systemPhotoLibrary {
  static PLPhotoLibrary *shared;
  static dispatch_once_t once;
  dispatch_once(&once, ^{
    shared = [self new];
    shared->_libraryBundle = [[PLPhotoLibraryBundle systemLibraryBundle] retain];
  });
  return [shared contents] == nil ? nil : shared;
}

- (PLPhotoLibraryBundle *)libraryBundle {
  return _libraryBundle;
}

- (PLLibraryContents *)contents {
  return [_libraryBundle contents];
}

- (void)performBlockAndWait:(void (^)(void))block {
  block();
}

@end
