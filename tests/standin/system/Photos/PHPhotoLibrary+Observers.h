// Where this version of the framework keeps its observers. PHPhotoLibrary's own files only.
#import "PHPhotoLibrary.h"

@interface PHPhotoLibrary (Observers)

- (void)setUpObservers;
- (void)ADD_OBSERVERS:(NSArray *)observers authorizationStatus:(PHAuthorizationStatus)status;
- (void)REMOVE_OBSERVER:(id)observer;
#if STANDIN_IOS >= 270000
- (void)_addPersistentChangesObservers:(NSArray *)observers authorizationStatus:(PHAuthorizationStatus)status;
- (void)_removePersistentChangesObserver:(id)observer;
- (NSUInteger)countOfRegisteredPersistentChangesObservers;
- (void)publishPersistentChanges;
#endif
// Calls the block for every living observer, on the calling thread: that of PHChange-queue.
- (void)publish:(void (^)(id observer))block;
- (void)addRegisteredFetchResult:(PHFetchResult *)result;
- (void)removeRegisteredFetchResult:(PHFetchResult *)result;

@end
