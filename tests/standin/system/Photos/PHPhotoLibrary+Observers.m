// Versions before 17.4: the tables are the library's own.
#import "PHPhotoLibrary+Observers.h"
#ifdef EXTERNAL_OBSERVERS
#import "PHWeakHashTable.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>

@implementation PHPhotoLibrary (Observers)

- (void)setUpObservers {
  EXTERNAL_OBSERVERS = [PHWeakHashTable new];
  INTERNAL_OBSERVERS = [PHWeakHashTable new];
  FETCH_RESULTS = [PHWeakHashTable new];
  _observersLock = [NSLock new];
}

// Apple's own observers are told apart by class; no app has one.
+ (bool)_isInternalObserver:(id)observer {
  return false;
}

- (bool)_hasChangeObservers {
  return [EXTERNAL_OBSERVERS count] + [INTERNAL_OBSERVERS count] + [FETCH_RESULTS count] > 0;
}

- (void)changeTable:(NSHashTable *)table with:(void (^)(NSHashTable *table))change {
  [_observersLock lock];
  change(table);
  bool observing = [self _hasChangeObservers];
  [_observersLock unlock];
  PLPhotoLibraryBundle *bundle = [PLPhotoLibraryBundle systemLibraryBundle];
  if (observing)
    [bundle beginObservingChanges];
  else
    [bundle endObservingChanges];
}

- (void)ADD_OBSERVERS:(NSArray *)observers authorizationStatus:(PHAuthorizationStatus)status {
  for (id observer in observers) {
    NSHashTable *table = [PHPhotoLibrary _isInternalObserver:observer] ? INTERNAL_OBSERVERS : EXTERNAL_OBSERVERS;
    [self changeTable:table with:^(NSHashTable *table) { [table addObject:observer]; }];
  }
}

- (void)REMOVE_OBSERVER:(id)observer {
  [self changeTable:EXTERNAL_OBSERVERS with:^(NSHashTable *table) { [table removeObject:observer]; }];
}

- (void)publish:(void (^)(id observer))block {
  [_observersLock lock];
  NSArray *observers = [[INTERNAL_OBSERVERS allObjects] arrayByAddingObjectsFromArray:[EXTERNAL_OBSERVERS allObjects]];
  [_observersLock unlock];
  for (id observer in observers) block(observer);
}

- (void)addRegisteredFetchResult:(PHFetchResult *)result {
  [self changeTable:FETCH_RESULTS with:^(NSHashTable *table) { [table addObject:result]; }];
}

- (void)removeRegisteredFetchResult:(PHFetchResult *)result {
  [self changeTable:FETCH_RESULTS with:^(NSHashTable *table) { [table removeObject:result]; }];
}

@end

#endif
