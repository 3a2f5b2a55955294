#import "PHTypes.h"
@class PHQuery;

@interface PHFetchResult : NSObject <NSCopying, NSFastEnumeration> {
  PHQuery *_query;
  NSArray *_objects;  // null until somebody looks
  long _token;
}

- (NSUInteger)count;
- (id)objectAtIndex:(NSUInteger)index;
- (id)objectAtIndexedSubscript:(NSUInteger)index;
- (bool)containsObject:(id)object;
- (NSUInteger)indexOfObject:(id)object;
- (NSUInteger)indexOfObject:(id)object inRange:(NSRange)range;
- (id)firstObject;
- (id)lastObject;
- (NSArray *)objectsAtIndexes:(NSIndexSet *)indexes;
- (void)enumerateObjectsUsingBlock:(void (^)(id object, NSUInteger index, bool *stop))block;
- (void)enumerateObjectsWithOptions:(NSUInteger)options
                         usingBlock:(void (^)(id object, NSUInteger index, bool *stop))block;
- (void)enumerateObjectsAtIndexes:(NSIndexSet *)indexes
                          options:(NSUInteger)options
                       usingBlock:(void (^)(id object, NSUInteger index, bool *stop))block;
- (NSUInteger)countOfAssetsWithMediaType:(PHAssetMediaType)type;

@end

@interface PHFetchResult (Private)

- (instancetype)initWithQuery:(PHQuery *)query;
- (instancetype)initWithQuery:(PHQuery *)query objects:(NSArray *)objects;
- (NSArray *)fetchedObjects;
- (NSArray *)fetchedObjectIDs;
- (PHQuery *)query;

@end

// What a fetch gives before permission: nothing.
@interface PHUnauthorizedFetchResult : PHFetchResult
@end

// A result over objects at hand, without a query.
@interface PHManualFetchResult : PHFetchResult

- (instancetype)initWithObjects:(NSArray *)objects;

@end
