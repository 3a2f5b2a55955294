#import "PUPickerCoordinator.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>
#import <WireConnection.h>

@implementation PUPickerCoordinator

- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _changed = [NSCondition new];
  return self;
}

- (void)presentFor:(WireConnection *)app {
  [_changed lock];
  _app = [app retain];
  [_changed broadcast];
  [_changed unlock];
}

- (NSArray *)newestRows:(NSInteger)count {
  _library = [[WireConnection connectionToService:@"assetsd"] retain];
  [_library resume];
  NSArray *rows = [[_library request:@{@"do" : @"browse"}] objectForKey:@"assets"];
  NSInteger length = MIN(count, (NSInteger)[rows count]);
  return [rows subarrayWithRange:NSMakeRange([rows count] - length, length)];
}

- (void)choose:(NSInteger)count {
  [_changed lock];
  while (_app == nil) [_changed wait];
  [_changed unlock];
  NSArray *rows = [self newestRows:count];
  if ([rows count] > 0) [self _logPhotosAccessWithNonEmptyUserSelection];
  [_app send:@{@"picked" : rows}];
}

// Source: call graph of iOS 18: presenting or cancelling logs nothing.
- (void)_logPhotosAccessWithNonEmptyUserSelection {
  PLClientAuthorization *client = [PLClientAuthorization authorizationOfProcess:[_app peer]];
  [[PLPrivacy sharedInstance] logPhotosAccessWithPhotoPickerClientIdentification:client];
}

@end
