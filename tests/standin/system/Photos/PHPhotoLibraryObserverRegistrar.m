#import "PHPhotoLibraryObserverRegistrar.h"
#ifndef EXTERNAL_OBSERVERS
#import "PHChange.h"
#import "PHPhotoLibrary+Observers.h"
#import "PHWeakHashTable.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>

@implementation PHPhotoLibraryObserverRegistrar

- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _lock = [NSLock new];
  EXTERNAL_TABLE = [PHWeakHashTable new];
  INTERNAL_TABLE = [PHWeakHashTable new];
  RESULT_TABLE = [PHWeakHashTable new];
#if STANDIN_IOS >= 270000
  PERSISTENT_TABLE = [PHWeakHashTable new];
#endif
  return self;
}

// Apple's own observers are told apart by class; no app has one.
+ (bool)_isInternalObserver:(id)observer {
  return false;
}

- (bool)_lock_hasChangeObservers {
  NSUInteger count = [EXTERNAL_TABLE count] + [INTERNAL_TABLE count] + [RESULT_TABLE count];
#if STANDIN_IOS >= 270000
  count += [PERSISTENT_TABLE count];
#endif
  return count > 0;
}

- (void)_lock_resumeChangeHandlingIfNeeded {
  if ([self _lock_hasChangeObservers]) [[PLPhotoLibraryBundle systemLibraryBundle] beginObservingChanges];
}

- (void)_lock_pauseChangeHandlingIfNeeded {
  if (![self _lock_hasChangeObservers]) [[PLPhotoLibraryBundle systemLibraryBundle] endObservingChanges];
}

- (void)addObservers:(NSArray *)observers authorizationStatus:(PHAuthorizationStatus)status {
  [_lock lock];
  for (id observer in observers) {
    bool internal = [PHPhotoLibraryObserverRegistrar _isInternalObserver:observer];
    [internal ? INTERNAL_TABLE : EXTERNAL_TABLE addObject:observer];
  }
  [self _lock_resumeChangeHandlingIfNeeded];
  [_lock unlock];
}

- (void)removeObserver:(id)observer {
  [_lock lock];
  [EXTERNAL_TABLE removeObject:observer];
  [INTERNAL_TABLE removeObject:observer];
  [self _lock_pauseChangeHandlingIfNeeded];
  [_lock unlock];
}

- (void)registerFetchResult:(PHFetchResult *)result {
  [_lock lock];
  [RESULT_TABLE addObject:result];
  [self _lock_resumeChangeHandlingIfNeeded];
  [_lock unlock];
}

- (void)unregisterFetchResult:(PHFetchResult *)result {
  [_lock lock];
  [RESULT_TABLE removeObject:result];
  [self _lock_pauseChangeHandlingIfNeeded];
  [_lock unlock];
}

- (void)getObserversWithBlock:(void (^)(NSArray *, NSArray *))block {
  [_lock lock];
  NSArray *external = [EXTERNAL_TABLE allObjects];
  NSArray *internal = [INTERNAL_TABLE allObjects];
  [_lock unlock];
  block(external, internal);
}

- (void)tellEach:(void (^)(id observer))block {
  [self getObserversWithBlock:^(NSArray *external, NSArray *internal) {
    for (id observer in internal) block(observer);
    for (id observer in external) block(observer);
  }];
}

// The caller is on the queue already.
#if STANDIN_IOS >= 180000
- (void)publishChangesToObserversOnQueue:(id)queue withDebugEvent:(id)event block:(void (^)(id observer))block {
  [self tellEach:block];
}
#else
- (void)publishChangesToObserversOnQueue:(id)queue withBlock:(void (^)(id observer))block {
  [self tellEach:block];
}
#endif

#if STANDIN_IOS >= 270000
- (void)addPersistentChangesObservers:(NSArray *)observers authorizationStatus:(PHAuthorizationStatus)status {
  [_lock lock];
  for (id observer in observers) [PERSISTENT_TABLE addObject:observer];
  [self _lock_resumeChangeHandlingIfNeeded];
  [_lock unlock];
}

- (void)removePersistentChangesObserver:(id)observer {
  [_lock lock];
  [PERSISTENT_TABLE removeObject:observer];
  [self _lock_pauseChangeHandlingIfNeeded];
  [_lock unlock];
}

- (void)getPersistentChangesObserversWithBlock:(void (^)(NSArray *))block {
  [_lock lock];
  NSArray *observers = [PERSISTENT_TABLE allObjects];
  [_lock unlock];
  block(observers);
}

- (NSUInteger)countOfRegisteredPersistentChangesObservers {
  [_lock lock];
  NSUInteger count = [PERSISTENT_TABLE count];
  [_lock unlock];
  return count;
}
#endif

@end

@implementation PHPhotoLibrary (Observers)

- (void)setUpObservers {
  REGISTRAR = [PHPhotoLibraryObserverRegistrar new];
}

- (void)ADD_OBSERVERS:(NSArray *)observers authorizationStatus:(PHAuthorizationStatus)status {
  [REGISTRAR addObservers:observers authorizationStatus:status];
}

- (void)REMOVE_OBSERVER:(id)observer {
  [REGISTRAR removeObserver:observer];
}

- (void)addRegisteredFetchResult:(PHFetchResult *)result {
  [REGISTRAR registerFetchResult:result];
}

- (void)removeRegisteredFetchResult:(PHFetchResult *)result {
  [REGISTRAR unregisterFetchResult:result];
}

- (void)publish:(void (^)(id observer))block {
#if STANDIN_IOS >= 180000
  [REGISTRAR publishChangesToObserversOnQueue:[PHChange handlerQueue] withDebugEvent:nil block:block];
#else
  [REGISTRAR publishChangesToObserversOnQueue:[PHChange handlerQueue] withBlock:block];
#endif
}

#if STANDIN_IOS >= 270000
- (void)_addPersistentChangesObservers:(NSArray *)observers authorizationStatus:(PHAuthorizationStatus)status {
  [REGISTRAR addPersistentChangesObservers:observers authorizationStatus:status];
}

- (void)_removePersistentChangesObserver:(id)observer {
  [REGISTRAR removePersistentChangesObserver:observer];
}

- (NSUInteger)countOfRegisteredPersistentChangesObservers {
  return [REGISTRAR countOfRegisteredPersistentChangesObservers];
}

- (void)publishPersistentChanges {
  [REGISTRAR getPersistentChangesObserversWithBlock:^(NSArray *observers) {
    for (id<PHPhotoLibraryPersistentChangesObserver> observer in observers)
      [observer photoLibraryPersistentChangesDidUpdate:self];
  }];
}
#endif

@end
#endif
