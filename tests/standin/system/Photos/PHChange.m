#import "PHChange.h"
#import "PHAsset.h"
#import "PHFetchResult.h"
#import "PHObject.h"
#import "PHQuery.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>

@interface PHObjectChangeDetails (Private)
- (instancetype)initWithObject:(PHObject *)before after:(PHObject *)after;
@end

@implementation PHChange

+ (dispatch_queue_t)changeQueue {
  static dispatch_queue_t queue;
  static dispatch_once_t once;
  dispatch_once(&once, ^{ queue = dispatch_queue_create("PHChange-queue", DISPATCH_QUEUE_SERIAL); });
  return queue;
}

+ (id)handlerQueue {
  return (id)[self changeQueue];
}

+ (instancetype)changeWithMerges:(NSArray *)merges {
  PHChange *change = [[self new] autorelease];
  change->_before = [[[merges objectAtIndex:0] objectForKey:@"before"] retain];
  change->_after = [[[merges lastObject] objectForKey:@"after"] retain];
  return change;
}

- (void)dealloc {
  [_before release];
  [_after release];
  [super dealloc];
}

- (bool)hasIncrementalChanges {
  return true;
}

- (id)changeToken {
  return @([_after token]);
}

- (PHFetchResultChangeDetails *)changeDetailsForFetchResult:(PHFetchResult *)result {
  PHQuery *query = [result query];
  if (query == nil) return nil;
  if (pl_quirk("details-log")) [[PLPrivacy sharedInstance] logPhotosAccessWithSelfAuditToken];
  NSArray *objects = [query objectsIn:_after];
  if ([objects isEqual:[result fetchedObjects]]) return nil;
  PHFetchResult *after = [[[PHFetchResult alloc] initWithQuery:query objects:objects] autorelease];
  return [PHFetchResultChangeDetails changeDetailsFromFetchResult:result toFetchResult:after changedObjects:@[]];
}

- (PHObjectChangeDetails *)changeDetailsForObject:(PHObject *)object {
  PLManagedAsset *after = [_after assetWithUUID:[object uuid]];
  if (after != nil) return nil;  // assets of the stand-in come and go, but do not change
  return [[[PHObjectChangeDetails alloc] initWithObject:object after:nil] autorelease];
}

@end

@implementation PHObjectChangeDetails

- (instancetype)initWithObject:(PHObject *)before after:(PHObject *)after {
  if ((self = [super init]) == nil) return nil;
  _before = [before retain];
  _after = [after retain];
  return self;
}

- (void)dealloc {
  [_before release];
  [_after release];
  [super dealloc];
}

- (PHObject *)objectBeforeChanges {
  return _before;
}

- (PHObject *)objectAfterChanges {
  return _after;
}

- (bool)assetContentChanged {
  return false;
}

- (bool)objectWasDeleted {
  return _after == nil;
}

@end
