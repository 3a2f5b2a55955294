// A change of the library reaches its observers: gathered, at most one pass per 0.3 s, on the queue PHChange-queue.
#import "PHChange.h"
#import "PHPhotoLibrary+Observers.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>
#include <dispatch/dispatch.h>

// Source: call graph of iOS 18; crash reports name the queue and its delayed block.
static const double PASS_INTERVAL_S = 0.3;

static double uptime_s(void) { return dispatch_time(DISPATCH_TIME_NOW, 0) / (double)NSEC_PER_SEC; }

@interface PHPhotoLibrary (FanOutPrivate)
#if STANDIN_IOS >= 180400
- (void)_processPendingChangesWithDebugEvent:(id)event;
#else
- (void)_processPendingChanges;
#endif
@end

@implementation PHPhotoLibrary (FanOut)

- (void)handleMergeNotification:(NSNotification *)notification {
  dispatch_async([PHChange changeQueue], ^{
    [_pendingChanges addObject:[notification userInfo]];
    [self schedulePass];
  });
}

- (void)schedulePass {
  if (_passScheduled) return;
  _passScheduled = YES;
  double wait_s = _lastPassTime + PASS_INTERVAL_S - uptime_s();
  if (wait_s <= 0) {
    [self runPass];
    return;
  }
  dispatch_after(dispatch_time(DISPATCH_TIME_NOW, wait_s * NSEC_PER_SEC), [PHChange changeQueue], ^{ [self runPass]; });
}

- (void)runPass {
  _passScheduled = NO;
  _lastPassTime = uptime_s();
#if STANDIN_IOS >= 180400
  [self _processPendingChangesWithDebugEvent:nil];
#else
  [self _processPendingChanges];
#endif
}

#if STANDIN_IOS >= 180400
- (void)_processPendingChangesWithDebugEvent:(id)event {
#else
- (void)_processPendingChanges {
#endif
  NSArray *pending = [[_pendingChanges copy] autorelease];
  [_pendingChanges removeAllObjects];
  if ([pending count] == 0) return;
  if (pl_quirk("deliveries-log")) [[PLPrivacy sharedInstance] logPhotosAccessWithSelfAuditToken];
  PHChange *change = [PHChange changeWithMerges:pending];
  [self publish:^(id<PHPhotoLibraryChangeObserver> observer) { [observer photoLibraryDidChange:change]; }];
#if STANDIN_IOS >= 270000
  [self publishPersistentChanges];
#endif
}

@end
