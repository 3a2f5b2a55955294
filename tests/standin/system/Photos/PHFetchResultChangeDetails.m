#import "PHChange.h"
#import "PHFetchResult.h"

// Positions in one result of the objects that another does not have.
static NSIndexSet *indexes_missing_from(PHFetchResult *these, PHFetchResult *those) {
  NSSet *known = [NSSet setWithArray:[those fetchedObjects]];
  NSMutableIndexSet *indexes = [NSMutableIndexSet indexSet];
  NSUInteger index = 0;
  for (id object in [these fetchedObjects]) {
    if (![known containsObject:object]) [indexes addIndex:index];
    index++;
  }
  return indexes;
}

@implementation PHFetchResultChangeDetails

+ (instancetype)changeDetailsFromFetchResult:(PHFetchResult *)before
                               toFetchResult:(PHFetchResult *)after
                              changedObjects:(NSArray *)changed {
  PHFetchResultChangeDetails *details = [[self new] autorelease];
  details->_before = [before retain];
  details->_after = [after retain];
  return details;
}

- (void)dealloc {
  [_before release];
  [_after release];
  [super dealloc];
}

- (PHFetchResult *)fetchResultBeforeChanges {
  return _before;
}

- (PHFetchResult *)fetchResultAfterChanges {
  return _after;
}

- (bool)hasIncrementalChanges {
  return true;
}

- (NSIndexSet *)removedIndexes {
  return indexes_missing_from(_before, _after);
}

- (NSArray *)removedObjects {
  return [[_before fetchedObjects] objectsAtIndexes:[self removedIndexes]];
}

- (NSIndexSet *)insertedIndexes {
  return indexes_missing_from(_after, _before);
}

- (NSArray *)insertedObjects {
  return [[_after fetchedObjects] objectsAtIndexes:[self insertedIndexes]];
}

- (NSIndexSet *)changedIndexes {
  return [NSIndexSet indexSet];
}

- (NSArray *)changedObjects {
  return @[];
}

- (bool)hasMoves {
  return false;
}

- (void)enumerateMovesWithBlock:(void (^)(NSUInteger, NSUInteger))block {
}

@end
