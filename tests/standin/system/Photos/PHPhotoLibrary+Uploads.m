// Switching an app's upload extension on and off: needs full access. Source: PHPhotoLibrary.h of the 26.1 and 27 SDKs.
#import "PHAssetResourceUploadJob.h"
#import "PHPhotoLibrary.h"
#import "PHPhotosError.h"
#if STANDIN_IOS >= 260100

static bool extension_is_enabled;

static bool may_change(NSError **error) {
  bool may = [PHPhotoLibrary authorizationStatusForAccessLevel:PHAccessLevelReadWrite] == PHAuthorizationStatusAuthorized;
  if (!may && error != NULL) *error = PHPhotosErrorOf(PHPhotosErrorAccessUserDenied);
  return may;
}

@implementation PHPhotoLibrary (Uploads)

- (bool)isUploadJobExtensionEnabled {
  return extension_is_enabled;
}

#if STANDIN_IOS >= 270000
static PHAssetResourceUploadJobOptions *extension_options;

// The older method has become a way to the newer ones.
- (bool)setUploadJobExtensionEnabled:(bool)enabled error:(NSError **)error {
  return enabled ? [self enableUploadJobExtensionWithOptions:nil error:error] : [self disableUploadJobExtensionWithError:error];
}

- (bool)enableUploadJobExtensionWithOptions:(PHAssetResourceUploadJobOptions *)options error:(NSError **)error {
  if (!may_change(error)) return false;
  extension_is_enabled = true;
  return options == nil || [self setUploadJobExtensionOptions:options error:error];
}

- (bool)disableUploadJobExtensionWithError:(NSError **)error {
  if (!may_change(error)) return false;
  extension_is_enabled = false;
  return true;
}

- (PHAssetResourceUploadJobOptions *)uploadJobExtensionOptions {
  return extension_options;
}

- (bool)setUploadJobExtensionOptions:(PHAssetResourceUploadJobOptions *)options error:(NSError **)error {
  if (!may_change(error)) return false;
  [extension_options autorelease];
  extension_options = [options retain];
  return true;
}
#else
- (bool)setUploadJobExtensionEnabled:(bool)enabled error:(NSError **)error {
  if (!may_change(error)) return false;
  extension_is_enabled = enabled;
  return true;
}
#endif

@end

#endif
