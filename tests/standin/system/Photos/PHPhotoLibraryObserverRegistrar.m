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
  return self;
}

// Apple's own observers are told apart by class; no app has one.
+ (bool)_isInternalObserver:(id)observer {
  return false;
}

- (bool)_lock_hasChangeObservers {
  return [EXTERNAL_TABLE count] + [INTERNAL_TABLE count] + [RESULT_TABLE count] > 0;
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

@end

@implementation PHPhotoLibrary (Observers)

- (void)setUpObservers {
  _observerRegistrar = [PHPhotoLibraryObserverRegistrar new];
}

- (void)_addObservers:(NSArray *)observers authorizationStatus:(PHAuthorizationStatus)status {
  [_observerRegistrar addObservers:observers authorizationStatus:status];
}

- (void)_removeObserver:(id)observer {
  [_observerRegistrar removeObserver:observer];
}

- (void)addRegisteredFetchResult:(PHFetchResult *)result {
  [_observerRegistrar registerFetchResult:result];
}

- (void)removeRegisteredFetchResult:(PHFetchResult *)result {
  [_observerRegistrar unregisterFetchResult:result];
}

- (void)publish:(void (^)(id observer))block {
#if STANDIN_IOS >= 180000
  [_observerRegistrar publishChangesToObserversOnQueue:[PHChange handlerQueue] withDebugEvent:nil block:block];
#else
  [_observerRegistrar publishChangesToObserversOnQueue:[PHChange handlerQueue] withBlock:block];
#endif
}

@end
#endif
