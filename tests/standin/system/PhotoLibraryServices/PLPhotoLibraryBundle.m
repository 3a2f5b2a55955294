#import "PLPhotoLibraryBundle.h"
#import "PLAssetsdClient.h"
#include <dispatch/dispatch.h>

NSString *const PLPhotoLibraryBundleDidMergeNotification = @"PLPhotoLibraryBundleDidMergeNotification";
NSString *const PLPhotoLibraryBundleDidBecomeUnavailableNotification =
    @"PLPhotoLibraryBundleDidBecomeUnavailableNotification";

@implementation PLPhotoLibraryBundle

+ (instancetype)systemLibraryBundle {
  static PLPhotoLibraryBundle *shared;
  static dispatch_once_t once;
  dispatch_once(&once, ^{
    NSURL *url = [NSURL fileURLWithPath:@"/var/mobile/Media"];
    shared = [[self alloc] initWithLibraryURL:url bundleController:nil];
  });
  return shared;
}

- (instancetype)initWithLibraryURL:(NSURL *)url bundleController:(id)controller {
  if ((self = [super init]) == nil) return nil;
  _libraryURL = [url retain];
  _assetsdClient = [[PLAssetsdClient alloc] initWithPhotoLibraryURL:url];
  [_assetsdClient setChangeHandler:^(NSDictionary *change) { [self merge:change]; }];
  [_assetsdClient setReboundHandler:^(PLLibraryContents *contents) { [self replaceContents:contents]; }];
  [_assetsdClient addPhotoLibraryUnavailabilityHandler:^(NSError *error) {
    [self post:PLPhotoLibraryBundleDidBecomeUnavailableNotification with:@{@"error" : error}];
  }];
  return self;
}

- (PLAssetsdClient *)assetsdClient {
  return _assetsdClient;
}

- (void)post:(NSString *)name with:(NSDictionary *)information {
  [[NSNotificationCenter defaultCenter] postNotificationName:name object:self userInfo:information];
}

- (void)replaceContents:(PLLibraryContents *)contents {
  @synchronized(self) {
    [_contents autorelease];
    _contents = [contents retain];
  }
}

- (PLLibraryContents *)contents {
  @synchronized(self) {
    if (_contents == nil) _contents = [[_assetsdClient bind] retain];
    return [[_contents retain] autorelease];
  }
}

- (void)merge:(NSDictionary *)change {
  PLLibraryContents *before, *after;
  @synchronized(self) {
    before = [[_contents retain] autorelease];
    if ([[change objectForKey:@"token"] longValue] <= [before token]) return;  // already in what the binding gave
    after = [before contentsWithChange:change];
    [self replaceContents:after];
    if (!_observing) return;
  }
  [self post:PLPhotoLibraryBundleDidMergeNotification with:@{@"change" : change, @"before" : before, @"after" : after}];
}

- (void)beginObservingChanges {
  @synchronized(self) {
    _observing = YES;
  }
}

- (void)endObservingChanges {
  @synchronized(self) {
    _observing = NO;
  }
}

@end
