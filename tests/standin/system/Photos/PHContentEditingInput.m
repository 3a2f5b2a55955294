#import "PHContentEditingInput.h"
#import "PHImageManager.h"
#import "PHLivePhoto.h"
#import "PHMediaRequestContext.h"
#import <AVFoundation/AVFoundation.h>
#import <PhotoLibraryServices/PhotoLibraryServices.h>
#import <UIKit/UIImage.h>

@implementation PHContentEditingInputRequestOptions

- (void)dealloc {
  [_canHandleAdjustmentData release];
  [_progressHandler release];
  [super dealloc];
}

- (bool)isNetworkAccessAllowed {
  return _networkAccessAllowed;
}

- (void)setNetworkAccessAllowed:(bool)allowed {
  _networkAccessAllowed = allowed;
}

- (bool (^)(PHAdjustmentData *))canHandleAdjustmentData {
  return _canHandleAdjustmentData;
}

- (void)setCanHandleAdjustmentData:(bool (^)(PHAdjustmentData *))handler {
  [_canHandleAdjustmentData autorelease];
  _canHandleAdjustmentData = [handler copy];
}

- (void (^)(double, bool *))progressHandler {
  return _progressHandler;
}

- (void)setProgressHandler:(void (^)(double, bool *))handler {
  [_progressHandler autorelease];
  _progressHandler = [handler copy];
}

@end

@implementation PHContentEditingInput

+ (instancetype)inputOf:(PHAsset *)asset {
  PHContentEditingInput *input = [[self new] autorelease];
  input->_asset = [asset retain];
  return input;
}

- (void)dealloc {
  [_asset release];
  [super dealloc];
}

- (PHAssetMediaType)mediaType {
  return [_asset mediaType];
}

- (NSUInteger)mediaSubtypes {
  return [_asset mediaSubtypes];
}

- (NSDate *)creationDate {
  return [_asset creationDate];
}

- (id)location {
  return [_asset location];
}

- (NSString *)uniformTypeIdentifier {
  return [_asset mediaType] == PHAssetMediaTypeVideo ? @"com.apple.quicktime-movie" : @"public.png";
}

- (NSInteger)playbackStyle {
  return [_asset playbackStyle];
}

- (PHAdjustmentData *)adjustmentData {
  return nil;
}

- (UIImage *)displaySizeImage {
  return [UIImage imageWithData:[NSData dataWithContentsOfFile:[[self fullSizeImageURL] path]]
                           size:CGSizeMake([_asset pixelWidth], [_asset pixelHeight])];
}

- (NSURL *)fullSizeImageURL {
  return [_asset mediaType] == PHAssetMediaTypeImage ? [[_asset row] mainFileURL] : nil;
}

- (int)fullSizeImageOrientation {
  return 1;
}

- (AVAsset *)avAsset {
  return [self audiovisualAsset];
}

- (AVAsset *)audiovisualAsset {
  if ([_asset mediaType] != PHAssetMediaTypeVideo) return nil;
  return [AVURLAsset URLAssetWithURL:[[_asset row] mainFileURL] options:nil];
}

- (PHLivePhoto *)livePhoto {
  NSURL *movie = [[_asset row] fileURLForOriginalVideoComplement];
  if (movie == nil) return nil;
  return [PHLivePhoto livePhotoWithFileURLs:@[ [[_asset row] mainFileURL], movie ] size:CGSizeMake(0, 0)];
}

@end

@interface PHImageManager (ContentEditing)
- (PHImageRequestID)requestContentEditingInputForAsset:(PHAsset *)asset
                                           withOptions:(PHContentEditingInputRequestOptions *)options
                                     completionHandler:
                                         (void (^)(PHContentEditingInput *input, NSDictionary *info))handler;
@end

@implementation PHImageManager (ContentEditing)

- (PHImageRequestID)requestContentEditingInputForAsset:(PHAsset *)asset
                                           withOptions:(PHContentEditingInputRequestOptions *)options
                                     completionHandler:(void (^)(PHContentEditingInput *, NSDictionary *))handler {
  PHImageRequestOptions *wanted = [[PHImageRequestOptions new] autorelease];
  [wanted setNetworkAccessAllowed:[options isNetworkAccessAllowed]];
  __block PHImageRequestID request = 0;
  PHMediaRequestContext *context = [PHMediaRequestContext
      contextForAsset:asset
              options:wanted
           degradable:false
        resultHandler:^(PHMediaResult *result) {
          PHContentEditingInput *input = [result data] == nil ? nil : [PHContentEditingInput inputOf:asset];
          if (handler != nil) handler(input, [result infoForRequest:request]);
        }];
  request = [context requestID];
  return [self runRequestWithContext:context];
}

@end

@implementation PHAsset (ContentEditing)

- (PHContentEditingInputRequestID)requestContentEditingInputWithOptions:(PHContentEditingInputRequestOptions *)options
                                                      completionHandler:
                                                          (void (^)(PHContentEditingInput *, NSDictionary *))handler {
  return [[PHImageManager defaultManager] requestContentEditingInputForAsset:self
                                                                 withOptions:options
                                                           completionHandler:handler];
}

- (void)cancelContentEditingInputRequest:(PHContentEditingInputRequestID)request {
  [[PHImageManager defaultManager] cancelImageRequest:(PHImageRequestID)request];
}

@end
