#import "PHPhotoLibrary+Changes.h"
#import "PHPhotosError.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>
#include <dispatch/dispatch.h>

static __thread NSMutableArray *transaction;

void PHTransactionAdd(NSMutableDictionary *order) {
  if (transaction == nil)
    [NSException
         raise:NSInternalInconsistencyException
        format:@"This method can only be called from inside of -[PHPhotoLibrary performChanges:completionHandler:] "
               @"or -[PHPhotoLibrary performChangesAndWait:error:]"];
  [transaction addObject:order];
}

static dispatch_queue_t changes_queue(void) {
  static dispatch_queue_t queue;
  static dispatch_once_t once;
  dispatch_once(&once, ^{ queue = dispatch_queue_create("com.apple.photos.changes", DISPATCH_QUEUE_SERIAL); });
  return queue;
}

@implementation PHPhotoLibrary (Changes)

- (void)performChanges:(void (^)(void))block completionHandler:(void (^)(bool, NSError *))handler {
  dispatch_async(changes_queue(), ^{
    NSError *error = nil;
    BOOL success = [self commit:block error:&error];
    if (handler != nil) handler(success, error);
  });
}

- (bool)performChangesAndWait:(void (^)(void))block error:(NSError **)error {
  __block bool success = false;
  __block NSError *problem = nil;
  dispatch_sync(changes_queue(), ^{
    success = [self commit:block error:&problem];
    [problem retain];  // the queue's own pool ends with the block
  });
  [problem autorelease];
  if (!success && error != NULL) *error = problem;
  return success;
}

- (BOOL)commit:(void (^)(void))block error:(NSError **)error {
  if (![PHPhotoLibrary checkAuthorizationStatusForAPIAccessLevel:PHAccessLevelReadWrite]) {
    if (error != NULL) *error = PHPhotosErrorOf(PHPhotosErrorAccessUserDenied);
    return NO;
  }
  transaction = [NSMutableArray array];
  block();
  NSArray *orders = transaction;
  transaction = nil;
  for (NSDictionary *order in orders) {  // all or nothing
    if ([order objectForKey:@"invalid"] == nil) continue;
    if (error != NULL) *error = PHPhotosErrorOf(PHPhotosErrorInvalidResource);
    return NO;
  }
  PLAssetsdClient *assetsd = [[[self photoLibrary] libraryBundle] assetsdClient];
  for (NSDictionary *order in orders)
    if ([assetsd request:order] == nil) return NO;
  return YES;
}

@end
