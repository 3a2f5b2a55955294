// 17.4 and later: observers live in an object of their own. Source: symbol diffs
// of 17.3.1 to 17.4 and of 18.x; call graphs of the iOS 26 era.
#import "PHPhotoLibrary.h"
#ifndef EXTERNAL_OBSERVERS
#include <dispatch/dispatch.h>

#if STANDIN_IOS >= 990000  // a version that nobody has read yet: the tables have other names
#define EXTERNAL_TABLE _watchers
#define INTERNAL_TABLE _ownWatchers
#define RESULT_TABLE _results
#else
#define EXTERNAL_TABLE _lock_externalChangeObservers
#define INTERNAL_TABLE _lock_internalChangeObservers
#define RESULT_TABLE _lock_fetchResults
#endif

@interface PHPhotoLibraryObserverRegistrar : NSObject {
  NSLock *_lock;
  NSHashTable *EXTERNAL_TABLE;
  NSHashTable *INTERNAL_TABLE;
  NSHashTable *RESULT_TABLE;
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

@end
#endif
