#import "PHFetchResult.h"
#import "PHAsset.h"
#import "PHPhotoLibrary.h"
#import "PHQuery.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>

@implementation PHFetchResult

- (instancetype)initWithQuery:(PHQuery *)query {
  PLPhotoLibrary *library = [PLPhotoLibrary systemPhotoLibrary];
  if ((self = [self initWithQuery:query objects:[query objectsIn:[library contents]]]) == nil) return nil;
  PHFetchOptions *options = [query fetchOptions];
  if (options == nil || [options wantsIncrementalChangeDetails])
    [[PHPhotoLibrary sharedPhotoLibrary] registerFetchResult:self];
  return self;
}

- (instancetype)initWithQuery:(PHQuery *)query objects:(NSArray *)objects {
  if ((self = [super init]) == nil) return nil;
  _query = [query retain];
  _objects = [objects copy];
  return self;
}

- (void)dealloc {
  [_query release];
  [_objects release];
  [super dealloc];
}

- (id)copyWithZone:(NSZone *)zone {
  return [self retain];
}

- (PHQuery *)query {
  return _query;
}

- (NSArray *)fetchedObjects {
  return _objects;
}

- (NSArray *)fetchedObjectIDs {
  return [[self fetchedObjects] valueForKey:@"uuid"];
}

- (NSUInteger)count {
  return [[self fetchedObjects] count];
}

- (id)objectAtIndex:(NSUInteger)index {
  return [[self fetchedObjects] objectAtIndex:index];
}

- (id)objectAtIndexedSubscript:(NSUInteger)index {
  return [[self fetchedObjects] objectAtIndex:index];
}

- (bool)containsObject:(id)object {
  return [[self fetchedObjects] containsObject:object];
}

- (NSUInteger)indexOfObject:(id)object {
  return [[self fetchedObjects] indexOfObject:object];
}

- (NSUInteger)indexOfObject:(id)object inRange:(NSRange)range {
  return [[self fetchedObjects] indexOfObject:object inRange:range];
}

- (id)firstObject {
  return [[self fetchedObjects] firstObject];
}

- (id)lastObject {
  return [[self fetchedObjects] lastObject];
}

- (NSArray *)objectsAtIndexes:(NSIndexSet *)indexes {
  return [[self fetchedObjects] objectsAtIndexes:indexes];
}

- (void)enumerateObjectsUsingBlock:(void (^)(id, NSUInteger, bool *))block {
  [self enumerateObjectsWithOptions:0 usingBlock:block];
}

- (void)enumerateObjectsWithOptions:(NSUInteger)options usingBlock:(void (^)(id, NSUInteger, bool *))block {
  NSIndexSet *all = [NSIndexSet indexSetWithIndexesInRange:NSMakeRange(0, [[self fetchedObjects] count])];
  [self enumerateObjectsAtIndexes:all options:options usingBlock:block];
}

- (void)enumerateObjectsAtIndexes:(NSIndexSet *)indexes
                          options:(NSUInteger)options
                       usingBlock:(void (^)(id, NSUInteger, bool *))block {
  NSArray *objects = [self fetchedObjects];
  bool reverse = options & NSEnumerationReverse, stop = false;
  NSUInteger index = reverse ? [indexes lastIndex] : [indexes firstIndex];
  while (index != NSNotFound && !stop) {
    block([objects objectAtIndex:index], index, &stop);
    index = reverse ? [indexes indexLessThanIndex:index] : [indexes indexGreaterThanIndex:index];
  }
}

- (NSUInteger)countOfAssetsWithMediaType:(PHAssetMediaType)type {
  NSUInteger count = 0;
  for (PHAsset *asset in [self fetchedObjects]) count += [asset mediaType] == type;
  return count;
}

- (NSUInteger)countByEnumeratingWithState:(NSFastEnumerationState *)state
                                  objects:(id *)buffer
                                    count:(NSUInteger)length {
  return [[self fetchedObjects] countByEnumeratingWithState:state objects:buffer count:length];
}

@end

@implementation PHUnauthorizedFetchResult

- (NSArray *)fetchedObjects {
  return @[];
}

- (NSArray *)fetchedObjectIDs {
  return @[];
}

@end

@implementation PHManualFetchResult

- (instancetype)initWithObjects:(NSArray *)objects {
  return [self initWithQuery:nil objects:objects];
}

@end
