#import "PHTypes.h"
#include <dispatch/dispatch.h>
@class PHFetchResult, PHObject, PHFetchResultChangeDetails, PHObjectChangeDetails, PLLibraryContents;

@interface PHChange : NSObject {
  PLLibraryContents *_before;
  PLLibraryContents *_after;
}

- (PHFetchResultChangeDetails *)changeDetailsForFetchResult:(PHFetchResult *)result;
- (PHObjectChangeDetails *)changeDetailsForObject:(PHObject *)object;

@end

@interface PHChange (Private)

// The queue on which observers are called: "PHChange-queue".
+ (id)handlerQueue;
+ (dispatch_queue_t)changeQueue;
// From the user infos of the merge notifications of one pass.
+ (instancetype)changeWithMerges:(NSArray *)merges;
- (bool)hasIncrementalChanges;
- (id)changeToken;

@end

@interface PHFetchResultChangeDetails : NSObject {
  PHFetchResult *_before;
  PHFetchResult *_after;
}

+ (instancetype)changeDetailsFromFetchResult:(PHFetchResult *)before
                               toFetchResult:(PHFetchResult *)after
                              changedObjects:(NSArray *)changed;
- (PHFetchResult *)fetchResultBeforeChanges;
- (PHFetchResult *)fetchResultAfterChanges;
- (bool)hasIncrementalChanges;
- (NSIndexSet *)removedIndexes;
- (NSArray *)removedObjects;
- (NSIndexSet *)insertedIndexes;
- (NSArray *)insertedObjects;
- (NSIndexSet *)changedIndexes;
- (NSArray *)changedObjects;
- (bool)hasMoves;
- (void)enumerateMovesWithBlock:(void (^)(NSUInteger from, NSUInteger to))block;

@end

@interface PHObjectChangeDetails : NSObject {
  PHObject *_before;
  PHObject *_after;
}

- (PHObject *)objectBeforeChanges;
- (PHObject *)objectAfterChanges;
- (bool)assetContentChanged;
- (bool)objectWasDeleted;

@end
