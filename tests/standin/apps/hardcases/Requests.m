// Requests for pixels and bytes: every kind, every way in which they end.
#import "Case.h"

// Overrides a request and calls super: one action of the app.
@interface OwnImageManager : PHImageManager
@end

@implementation OwnImageManager

- (PHImageRequestID)requestImageForAsset:(PHAsset *)asset
                              targetSize:(CGSize)size
                             contentMode:(PHImageContentMode)mode
                                 options:(PHImageRequestOptions *)options
                           resultHandler:(void (^)(UIImage *, NSDictionary *))handler {
  return [super requestImageForAsset:asset targetSize:size contentMode:mode options:options resultHandler:handler];
}

@end

PHAsset *case_asset(NSString *behaviour) {
  PHFetchOptions *options = [[PHFetchOptions new] autorelease];
  witness_call(@"+[PHAsset fetchAssetsWithOptions:]", @"metadata");
  PHFetchResult *all = [PHAsset fetchAssetsWithOptions:options];
  for (PHAsset *asset in [[all objectsAtIndexes:[NSIndexSet indexSetWithIndexesInRange:NSMakeRange(0, [all count])]]
           reverseObjectEnumerator])
    if ([[asset behaviour] isEqualToString:behaviour ?: @""]) return asset;
  return nil;
}

static NSString *const IMAGE = @"-[PHImageManager requestImageForAsset:targetSize:contentMode:options:resultHandler:]";
static NSString *const DATA = @"-[PHImageManager requestImageDataAndOrientationForAsset:options:resultHandler:]";

// What comes as info may be no dictionary, in the odd case.
static BOOL degraded(NSDictionary *info) {
  return [info isKindOfClass:[NSDictionary class]] && [[info objectForKey:PHImageResultIsDegradedKey] boolValue];
}

static PHImageRequestOptions *options_from(NSDictionary *order) {
  PHImageRequestOptions *options = [[PHImageRequestOptions new] autorelease];
  [options setSynchronous:[[order objectForKey:@"synchronous"] boolValue]];
  [options setNetworkAccessAllowed:[[order objectForKey:@"network"] boolValue]];
  [options setDeliveryMode:[[order objectForKey:@"delivery"] integerValue]];
  return options;
}

static PHImageRequestID request_image(PHImageManager *manager, PHAsset *asset, double side,
                                      PHImageRequestOptions *options) {
  long call = witness_call(IMAGE, side > 0 && side <= 512 ? @"thumbnail" : @"data");
  return [manager
      requestImageForAsset:asset
                targetSize:side > 0 ? CGSizeMake(side, side) : PHImageManagerMaximumSize
               contentMode:PHImageContentModeAspectFit
                   options:options
             resultHandler:case_handler(^(UIImage *image, NSDictionary *info) { witness_delivery(call, -1, degraded(info)); })];
}

// side (0: as large as it is), behaviour, synchronous, network, delivery, count.
static NSDictionary *image(NSDictionary *order) {
  PHAsset *asset = case_asset([order objectForKey:@"behaviour"]);
  for (NSInteger i = 0; i < MAX(1, [[order objectForKey:@"count"] integerValue]); i++)
    request_image([PHImageManager defaultManager], asset, [[order objectForKey:@"side"] doubleValue],
                  options_from(order));
  return nil;
}

static NSDictionary *data(NSDictionary *order) {
  PHAsset *asset = case_asset([order objectForKey:@"behaviour"]);
  long call = witness_call(DATA, @"data");
  [[PHImageManager defaultManager] requestImageDataAndOrientationForAsset:asset
                                                                  options:options_from(order)
                                                            resultHandler:case_handler(^(NSData *bytes, NSString *type,
                                                                            uint32_t orientation, NSDictionary *info) {
                                                              NSInteger length = [bytes isKindOfClass:[NSData class]]
                                                                                     ? (NSInteger)[bytes length]
                                                                                     : -1;
                                                              witness_delivery(call, length, NO);
                                                            })];
  return nil;
}

// The older method, which calls the newer one: one action of the app.
static NSDictionary *old_data(NSDictionary *order) {
  PHAsset *asset = case_asset(nil);
  long call = witness_call(@"-[PHImageManager requestImageDataForAsset:options:resultHandler:]", @"data");
  [[PHImageManager defaultManager]
      requestImageDataForAsset:asset
                       options:options_from(order)
                 resultHandler:case_handler(^(NSData *bytes, NSString *type, NSInteger orientation, NSDictionary *info) {
                   witness_delivery(call, [bytes length], NO);
                 })];
  return nil;
}

static NSDictionary *subclass(NSDictionary *order) {
  request_image([[OwnImageManager new] autorelease], case_asset(nil), 100, nil);
  return nil;
}

static NSDictionary *caching(NSDictionary *order) {
  PHCachingImageManager *manager = [PHCachingImageManager new];
  PHAsset *asset = case_asset(nil);
  witness_call(@"-[PHCachingImageManager startCachingImagesForAssets:targetSize:contentMode:options:]", @"thumbnail");
  [manager startCachingImagesForAssets:@[ asset ]
                            targetSize:CGSizeMake(200, 200)
                           contentMode:PHImageContentModeAspectFit
                               options:nil];
  request_image(manager, asset, 200, nil);
  return nil;
}

static NSDictionary *nil_handler(NSDictionary *order) {
  PHAsset *asset = case_asset(nil);
  witness_call(IMAGE, @"thumbnail");
  [[PHImageManager defaultManager] requestImageForAsset:asset
                                             targetSize:CGSizeMake(100, 100)
                                            contentMode:PHImageContentModeAspectFit
                                                options:nil
                                          resultHandler:nil];
  witness_call(DATA, @"data");
  [[PHImageManager defaultManager] requestImageDataAndOrientationForAsset:asset options:nil resultHandler:nil];
  return nil;
}

// Nothing of it can be seen but that it was called: it has no account of its own.
static NSDictionary *nothing_handler(NSDictionary *order) {
  PHImageRequestOptions *options = options_from(@{@"synchronous" : [NSNumber numberWithBool:YES]});
  witness_call(DATA, @"data");
  [[PHImageManager defaultManager] requestImageDataAndOrientationForAsset:case_asset(nil)
                                                                  options:options
                                                            resultHandler:case_nothing_handler([[order objectForKey:@"small"] boolValue])];
  return nil;
}

static NSDictionary *nil_asset(NSDictionary *order) {
  request_image([PHImageManager defaultManager], nil, 100, nil);
  return nil;
}

// Ordered, and cancelled at once.
static NSDictionary *cancel(NSDictionary *order) {
  PHImageRequestOptions *options = options_from(@{@"network" : [NSNumber numberWithBool:YES]});
  PHImageRequestID request = request_image([PHImageManager defaultManager], case_asset(@"cloud"), 0, options);
  [[PHImageManager defaultManager] cancelImageRequest:request];
  return nil;
}

static PHAsset *asset_of_type(PHAssetMediaType type) {
  witness_call(@"+[PHAsset fetchAssetsWithMediaType:options:]", @"metadata");
  return [[PHAsset fetchAssetsWithMediaType:type options:nil] lastObject];
}

static NSDictionary *video(NSDictionary *order) {
  PHAsset *asset = asset_of_type(PHAssetMediaTypeVideo);
  PHImageManager *manager = [PHImageManager defaultManager];
  long first = witness_call(@"-[PHImageManager requestAVAssetForVideo:options:resultHandler:]", @"data");
  [manager requestAVAssetForVideo:asset
                          options:nil
                    resultHandler:case_handler(^(AVAsset *video, AVAudioMix *mix, NSDictionary *info) {
                      witness_delivery(first, -1, NO);
                    })];
  long second = witness_call(@"-[PHImageManager requestPlayerItemForVideo:options:resultHandler:]", @"data");
  [manager requestPlayerItemForVideo:asset
                             options:nil
                       resultHandler:case_handler(^(AVPlayerItem *item, NSDictionary *info) { witness_delivery(second, -1, NO); })];
  long third =
      witness_call(@"-[PHImageManager requestExportSessionForVideo:options:exportPreset:resultHandler:]", @"data");
  [manager requestExportSessionForVideo:asset
                                options:nil
                           exportPreset:@"AVAssetExportPresetPassthrough"
                          resultHandler:case_handler(^(AVAssetExportSession *session, NSDictionary *info) {
                            witness_delivery(third, -1, NO);
                          })];
  return nil;
}

static PHAsset *live_asset(void) {
  witness_call(@"+[PHAsset fetchAssetsWithOptions:]", @"metadata");
  for (PHAsset *asset in [PHAsset fetchAssetsWithOptions:nil])
    if ([asset mediaSubtypes] & 8) return asset;
  return nil;
}

static NSDictionary *live_photo(NSDictionary *order) {
  PHAsset *asset = live_asset();
  long call = witness_call(@"-[PHImageManager requestLivePhotoForAsset:targetSize:contentMode:options:resultHandler:]",
                           @"data");
  [[PHImageManager defaultManager] requestLivePhotoForAsset:asset
                                                 targetSize:PHImageManagerMaximumSize
                                                contentMode:PHImageContentModeAspectFit
                                                    options:nil
                                              resultHandler:case_handler(^(PHLivePhoto *photo, NSDictionary *info) {
                                                witness_delivery(call, -1, degraded(info));
                                              })];
  return nil;
}

static NSDictionary *resource(NSDictionary *order) {
  PHAsset *asset = live_asset();
  witness_call(@"+[PHAssetResource assetResourcesForAsset:]", @"metadata");
  for (PHAssetResource *resource in [PHAssetResource assetResourcesForAsset:asset]) {
    long call = witness_call(
        @"-[PHAssetResourceManager requestDataForAssetResource:options:dataReceivedHandler:completionHandler:]",
        @"data");
    [[PHAssetResourceManager defaultManager] requestDataForAssetResource:resource
        options:nil
        dataReceivedHandler:case_handler(^(NSData *piece) { witness_delivery(call, [piece length], NO); })
        completionHandler:case_handler(^(NSError *error) {
          witness_note(
              @"completion",
              @{@"of" : @(call),
                @"error" : @([error code])});
        })];
  }
  return nil;
}

static NSDictionary *resource_file(NSDictionary *order) {
  witness_call(@"+[PHAssetResource assetResourcesForAsset:]", @"metadata");
  PHAssetResource *resource = [[PHAssetResource assetResourcesForAsset:case_asset(nil)] objectAtIndex:0];
  NSURL *target =
      [NSURL fileURLWithPath:[NSTemporaryDirectory() stringByAppendingPathComponent:[[NSUUID UUID] UUIDString]]];
  long call =
      witness_call(@"-[PHAssetResourceManager writeDataForAssetResource:toFile:options:completionHandler:]", @"data");
  [[PHAssetResourceManager defaultManager] writeDataForAssetResource:resource
                                                              toFile:target
                                                             options:nil
                                                   completionHandler:case_handler(^(NSError *error) {
                                                     witness_note(
                                                         @"completion",
                                                         @{@"of" : @(call),
                                                           @"error" : @([error code])});
                                                     [[NSFileManager defaultManager] removeItemAtURL:target error:NULL];
                                                   })];
  return nil;
}

static NSDictionary *editing(NSDictionary *order) {
  PHAsset *asset = case_asset(nil);
  long call = witness_call(@"-[PHAsset requestContentEditingInputWithOptions:completionHandler:]", @"data");
  [asset requestContentEditingInputWithOptions:nil
                             completionHandler:case_handler(^(PHContentEditingInput *input, NSDictionary *info) {
                               witness_delivery(call, -1, NO);
                             })];
  return nil;
}

const struct named_case REQUEST_CASES[] = {
    {"image", image},           {"data", data},         {"old-data", old_data},
    {"subclass", subclass},     {"caching", caching},   {"nil-handler", nil_handler},
    {"nil-asset", nil_asset},   {"cancel", cancel},     {"video", video},
    {"live-photo", live_photo}, {"resource", resource}, {"resource-file", resource_file},
    {"editing", editing},       {"nothing-handler", nothing_handler},
    {NULL, NULL},
};
