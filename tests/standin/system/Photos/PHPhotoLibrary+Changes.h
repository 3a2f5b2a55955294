// Writing to the library: change requests made inside a block are sent to assetsd when it has run.
#import "PHPhotoLibrary.h"

@interface PHPhotoLibrary (Changes)

- (void)performChanges:(void (^)(void))block completionHandler:(void (^)(bool success, NSError *error))handler;
- (bool)performChangesAndWait:(void (^)(void))block error:(NSError **)error;

@end

// For change requests: adds an order for assetsd to the transaction of this thread. Outside of one it raises, as on
// iOS.
void PHTransactionAdd(NSMutableDictionary *order);
