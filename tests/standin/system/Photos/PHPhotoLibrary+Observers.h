// Where this version of the framework keeps its observers. PHPhotoLibrary's own files only.
#import "PHPhotoLibrary.h"

@interface PHPhotoLibrary (Observers)

- (void)setUpObservers;
- (void)_addObservers:(NSArray *)observers authorizationStatus:(PHAuthorizationStatus)status;
- (void)_removeObserver:(id)observer;
// Calls the block for every living observer, on the calling thread: that of PHChange-queue.
- (void)publish:(void (^)(id observer))block;
- (void)addRegisteredFetchResult:(PHFetchResult *)result;
- (void)removeRegisteredFetchResult:(PHFetchResult *)result;

@end
