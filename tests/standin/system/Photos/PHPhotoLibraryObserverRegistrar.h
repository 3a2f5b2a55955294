// 17.4 and later: observers live in an object of their own. Source: symbol diffs
// of 17.3.1 to 17.4, of 18.x and of 26.0 to 27.0; call graphs of the iOS 26 era.
#import "PHPhotoLibrary.h"
#ifndef EXTERNAL_OBSERVERS
#include <dispatch/dispatch.h>

#if STANDIN_IOS >= 990000  // a version that nobody has read yet: the tables have other names
#define EXTERNAL_TABLE _watchers
#define INTERNAL_TABLE _ownWatchers
#define RESULT_TABLE _results
#define PERSISTENT_TABLE _historyWatchers
#else
#define EXTERNAL_TABLE _lock_externalChangeObservers
#define INTERNAL_TABLE _lock_internalChangeObservers
#define RESULT_TABLE _lock_fetchResults
#define PERSISTENT_TABLE _lock_persistentChangesObservers
#endif

@interface PHPhotoLibraryObserverRegistrar : NSObject {
  NSLock *_lock;
  NSHashTable *EXTERNAL_TABLE;
  NSHashTable *INTERNAL_TABLE;
  NSHashTable *RESULT_TABLE;
#if STANDIN_IOS >= 270000
  NSHashTable *PERSISTENT_TABLE;
#endif
}

+ (bool)_isInternalObserver:(id)observer;
- (void)addObservers:(NSArray *)observers authorizationStatus:(PHAuthorizationStatus)status;
- (void)removeObserver:(id)observer;
- (void)getObserversWithBlock:(void (^)(NSArray *external, NSArray *internal))block;
- (void)registerFetchResult:(PHFetchResult *)result;
- (void)unregisterFetchResult:(PHFetchResult *)result;
#if STANDIN_IOS >= 180000
- (void)publishChangesToObserversOnQueue:(id)queue withDebugEvent:(id)event block:(void (^)(id observer))block;
#else
- (void)publishChangesToObserversOnQueue:(id)queue withBlock:(void (^)(id observer))block;
#endif

#if STANDIN_IOS >= 270000
- (void)addPersistentChangesObservers:(NSArray *)observers authorizationStatus:(PHAuthorizationStatus)status;
- (void)removePersistentChangesObserver:(id)observer;
- (void)getPersistentChangesObserversWithBlock:(void (^)(NSArray *observers))block;
- (NSUInteger)countOfRegisteredPersistentChangesObservers;
#endif

@end
#endif
