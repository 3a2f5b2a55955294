#import "PHTypes.h"

// Renamed in 26.0 beta 2. Source: symbol diffs of 26.0 beta 1 to beta 2.
#if STANDIN_IOS >= 260000
#define PHPhotoLibraryObserverRegistrar PHPhotoLibraryChangeObserverRegistrar
#define REGISTRAR _changeObserverRegistrar
#define ADD_OBSERVERS _addChangeObservers
#define REMOVE_OBSERVER _removeChangeObserver
#else
#define REGISTRAR _observerRegistrar
#define ADD_OBSERVERS _addObservers
#define REMOVE_OBSERVER _removeObserver
#endif

@class PHChange, PHPhotoLibrary, PLPhotoLibrary, PHFetchResult, PHPhotoLibraryObserverRegistrar;

@protocol PHPhotoLibraryChangeObserver <NSObject>
- (void)photoLibraryDidChange:(PHChange *)change;
@end

@protocol PHPhotoLibraryAvailabilityObserver <NSObject>
- (void)photoLibraryDidBecomeUnavailable:(PHPhotoLibrary *)library;
@end

// 27.0: says that there is something new in the history, and not what. Source: 27 SDK.
@protocol PHPhotoLibraryPersistentChangesObserver <NSObject>
- (void)photoLibraryPersistentChangesDidUpdate:(PHPhotoLibrary *)library;
@end

// STANDIN_IOS is the version that this build of the framework stands for: 170400 is 17.4.
// Where app observers are kept, by version. Source: class dumps of 12.0, 15.0 and
// 17.0.3; symbol diffs of 17.3.1 to 17.4 and later.
#if STANDIN_IOS < 170000
#define EXTERNAL_OBSERVERS _externalObservers
#define INTERNAL_OBSERVERS _internalObservers
#define FETCH_RESULTS _fetchResults
#elif STANDIN_IOS < 170400
#define EXTERNAL_OBSERVERS _externalChangeObservers
#define INTERNAL_OBSERVERS _internalChangeObservers
#define FETCH_RESULTS _fetchResultsRegisteredForChangeNotifications
#endif

@interface PHPhotoLibrary : NSObject {
#ifdef EXTERNAL_OBSERVERS
  NSHashTable *EXTERNAL_OBSERVERS;
  NSHashTable *INTERNAL_OBSERVERS;
  NSHashTable *FETCH_RESULTS;
  NSLock *_observersLock;
#else
  PHPhotoLibraryObserverRegistrar *REGISTRAR;
#endif
  NSHashTable *_availabilityObservers;
  PLPhotoLibrary *_photoLibrary;
  NSMutableArray *_pendingChanges;
  double _lastPassTime;
  BOOL _passScheduled;
  NSError *_unavailabilityReason;
}

+ (PHPhotoLibrary *)sharedPhotoLibrary;
+ (PHAuthorizationStatus)authorizationStatus;
+ (PHAuthorizationStatus)authorizationStatusForAccessLevel:(PHAccessLevel)level;
+ (void)requestAuthorization:(void (^)(PHAuthorizationStatus status))handler;
+ (void)requestAuthorizationForAccessLevel:(PHAccessLevel)level handler:(void (^)(PHAuthorizationStatus status))handler;

- (void)registerChangeObserver:(id<PHPhotoLibraryChangeObserver>)observer;
- (void)unregisterChangeObserver:(id<PHPhotoLibraryChangeObserver>)observer;
- (void)registerAvailabilityObserver:(id<PHPhotoLibraryAvailabilityObserver>)observer;
- (void)unregisterAvailabilityObserver:(id<PHPhotoLibraryAvailabilityObserver>)observer;
#if STANDIN_IOS >= 270000
- (void)registerPersistentChangesObserver:(id<PHPhotoLibraryPersistentChangesObserver>)observer;
- (void)unregisterPersistentChangesObserver:(id<PHPhotoLibraryPersistentChangesObserver>)observer;
#endif
- (NSError *)unavailabilityReason;

@end

// For the other files of Photos. Source: class dump of 17.0.3.
@interface PHPhotoLibrary (Private)

+ (bool)checkAuthorizationStatusForAPIAccessLevel:(PHAccessLevel)level;
// Opens the library, which binds the connection to assetsd; null when it cannot be opened.
- (PLPhotoLibrary *)photoLibrary;
- (void)handleMergeNotification:(NSNotification *)notification;
- (void)registerFetchResult:(PHFetchResult *)result;
- (void)unregisterFetchResult:(PHFetchResult *)result;

@end
