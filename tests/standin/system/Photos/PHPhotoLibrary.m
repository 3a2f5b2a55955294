#import "PHPhotoLibrary.h"
#import "PHPhotoLibrary+Observers.h"
#import "PHWeakHashTable.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>
#include <dispatch/dispatch.h>

static bool may_read(PHAuthorizationStatus status) {
  return status == PHAuthorizationStatusAuthorized || status == PHAuthorizationStatusLimited;
}

@implementation PHPhotoLibrary

+ (PHPhotoLibrary *)sharedPhotoLibrary {
  static PHPhotoLibrary *shared;
  static dispatch_once_t once;
  dispatch_once(&once, ^{ shared = [self new]; });
  return shared;
}

- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _availabilityObservers = [PHWeakHashTable new];
  _pendingChanges = [NSMutableArray new];
  [self setUpObservers];
  NSNotificationCenter *center = [NSNotificationCenter defaultCenter];
  [center addObserver:self
             selector:@selector(handleMergeNotification:)
                 name:PLPhotoLibraryBundleDidMergeNotification
               object:nil];
  [center addObserver:self
             selector:@selector(handleUnavailability:)
                 name:PLPhotoLibraryBundleDidBecomeUnavailableNotification
               object:nil];
  return self;
}

#pragma mark Permission

+ (PHAuthorizationStatus)authorizationStatus {
  return [self _photosAccessAllowedForAccessLevel:PHAccessLevelReadWrite];
}

+ (PHAuthorizationStatus)authorizationStatusForAccessLevel:(PHAccessLevel)level {
  return [self _photosAccessAllowedForAccessLevel:level];
}

+ (PHAuthorizationStatus)_photosAccessAllowedForAccessLevel:(PHAccessLevel)level {
  return [[PLPrivacy sharedInstance] photosAccessAllowedWithScope:level];
}

+ (bool)checkAuthorizationStatusForAPIAccessLevel:(PHAccessLevel)level {
  return [self _checkAuthorizationStatusForAPIAccessLevel:level suppressPrompt:false];
}

// Using the library before asking asks.
+ (bool)_checkAuthorizationStatusForAPIAccessLevel:(PHAccessLevel)level suppressPrompt:(bool)suppress {
  PHAuthorizationStatus status = [self _photosAccessAllowedForAccessLevel:level];
  if (status == PHAuthorizationStatusNotDetermined && !suppress)
    [self requestAuthorizationForAccessLevel:level handler:^(PHAuthorizationStatus answer){}];
  return may_read(status);
}

+ (void)requestAuthorization:(void (^)(PHAuthorizationStatus))handler {
  [self _requestAuthorizationForAccessLevel:PHAccessLevelReadWrite supportsLimited:false handler:handler];
}

+ (void)requestAuthorizationForAccessLevel:(PHAccessLevel)level handler:(void (^)(PHAuthorizationStatus))handler {
  [self _requestAuthorizationForAccessLevel:level supportsLimited:true handler:handler];
}

+ (void)_requestAuthorizationForAccessLevel:(PHAccessLevel)level
                            supportsLimited:(bool)limited
                                    handler:(void (^)(PHAuthorizationStatus))handler {
  [[PLPrivacy sharedInstance] _isPhotosAccessAllowedWithScope:level
                                              promptIfUnknown:true
                                                  synchronous:false
                                                resultHandler:^(NSInteger status) { handler(status); }];
}

#pragma mark Observers

// With permission it opens the library at once, else it asks.
- (void)openForObserversWithStatus:(PHAuthorizationStatus)status {
  if (may_read(status))
    [self photoLibrary];
  else
    [PHPhotoLibrary requestAuthorizationForAccessLevel:PHAccessLevelReadWrite
                                               handler:^(PHAuthorizationStatus answer) {
                                                 if (may_read(answer)) [self photoLibrary];
                                               }];
}

- (void)registerChangeObserver:(id<PHPhotoLibraryChangeObserver>)observer {
  PHAuthorizationStatus status = [PHPhotoLibrary authorizationStatusForAccessLevel:PHAccessLevelReadWrite];
  [self ADD_OBSERVERS:@[ observer ] authorizationStatus:status];
  [self openForObserversWithStatus:status];
}

- (void)unregisterChangeObserver:(id<PHPhotoLibraryChangeObserver>)observer {
  [self REMOVE_OBSERVER:observer];
}

#if STANDIN_IOS >= 270000
- (void)registerPersistentChangesObserver:(id<PHPhotoLibraryPersistentChangesObserver>)observer {
  PHAuthorizationStatus status = [PHPhotoLibrary authorizationStatusForAccessLevel:PHAccessLevelReadWrite];
  [self _addPersistentChangesObservers:@[ observer ] authorizationStatus:status];
  [self openForObserversWithStatus:status];
}

- (void)unregisterPersistentChangesObserver:(id<PHPhotoLibraryPersistentChangesObserver>)observer {
  [self _removePersistentChangesObserver:observer];
}
#endif

- (void)registerAvailabilityObserver:(id<PHPhotoLibraryAvailabilityObserver>)observer {
  @synchronized(_availabilityObservers) {
    [_availabilityObservers addObject:observer];
  }
}

- (void)unregisterAvailabilityObserver:(id<PHPhotoLibraryAvailabilityObserver>)observer {
  @synchronized(_availabilityObservers) {
    [_availabilityObservers removeObject:observer];
  }
}

- (void)registerFetchResult:(PHFetchResult *)result {
  [self addRegisteredFetchResult:result];
}

- (void)unregisterFetchResult:(PHFetchResult *)result {
  [self removeRegisteredFetchResult:result];
}

#pragma mark The library under it

- (PLPhotoLibrary *)photoLibrary {
  return [PLPhotoLibrary systemPhotoLibrary];
}

- (NSError *)unavailabilityReason {
  return _unavailabilityReason;
}

- (void)handleUnavailability:(NSNotification *)notification {
  _unavailabilityReason = [[[notification userInfo] objectForKey:@"error"] retain];
  NSArray *observers;
  @synchronized(_availabilityObservers) {
    observers = [_availabilityObservers allObjects];
  }
  dispatch_async(dispatch_queue_create("com.apple.photos.availability", DISPATCH_QUEUE_SERIAL), ^{
    for (id<PHPhotoLibraryAvailabilityObserver> observer in observers) [observer photoLibraryDidBecomeUnavailable:self];
  });
}

@end
