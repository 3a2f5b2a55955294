#import "PHImageManager+Video.h"
#import "PHAsset.h"
#import "PHLivePhoto.h"
#import "PHMediaRequestContext.h"
#import <AVFoundation/AVFoundation.h>
#import <PhotoLibraryServices/PhotoLibraryServices.h>

static AVAsset *video_of(PHAsset *asset, PHMediaResult *result) {
  if ([result data] == nil) return nil;
  return [AVURLAsset URLAssetWithURL:[[asset row] mainFileURL] options:nil];
}

@implementation PHImageManager (Video)

- (PHImageRequestID)request:(PHAsset *)asset
                    options:(PHImageRequestOptions *)options
                 degradable:(bool)degradable
                       then:(void (^)(PHMediaResult *result, NSDictionary *info))deliver {
  __block PHImageRequestID request = 0;
  PHMediaRequestContext *context = [PHMediaRequestContext
      contextForAsset:asset
              options:options
           degradable:degradable
        resultHandler:^(PHMediaResult *result) { deliver(result, [result infoForRequest:request]); }];
  request = [context requestID];
  return [self runRequestWithContext:context];
}

- (PHImageRequestID)requestAVAssetForVideo:(PHAsset *)asset
                                   options:(PHVideoRequestOptions *)options
                             resultHandler:(void (^)(AVAsset *, AVAudioMix *, NSDictionary *))handler {
  return [self request:asset
               options:options
            degradable:false
                  then:^(PHMediaResult *result, NSDictionary *info) {
                    if (handler != nil) handler(video_of(asset, result), [[AVAudioMix new] autorelease], info);
                  }];
}

- (PHImageRequestID)requestPlayerItemForVideo:(PHAsset *)asset
                                      options:(PHVideoRequestOptions *)options
                                resultHandler:(void (^)(AVPlayerItem *, NSDictionary *))handler {
  return [self request:asset
               options:options
            degradable:false
                  then:^(PHMediaResult *result, NSDictionary *info) {
                    AVAsset *video = video_of(asset, result);
                    if (handler != nil) handler(video == nil ? nil : [AVPlayerItem playerItemWithAsset:video], info);
                  }];
}

- (PHImageRequestID)requestExportSessionForVideo:(PHAsset *)asset
                                         options:(PHVideoRequestOptions *)options
                                    exportPreset:(NSString *)preset
                                   resultHandler:(void (^)(AVAssetExportSession *, NSDictionary *))handler {
  return [self request:asset
               options:options
            degradable:false
                  then:^(PHMediaResult *result, NSDictionary *info) {
                    AVAsset *video = video_of(asset, result);
                    AVAssetExportSession *session =
                        video == nil
                            ? nil
                            : [[[AVAssetExportSession alloc] initWithAsset:video presetName:preset] autorelease];
                    if (handler != nil) handler(session, info);
                  }];
}

- (PHImageRequestID)requestLivePhotoForAsset:(PHAsset *)asset
                                  targetSize:(CGSize)size
                                 contentMode:(PHImageContentMode)mode
                                     options:(PHLivePhotoRequestOptions *)options
                               resultHandler:(void (^)(PHLivePhoto *, NSDictionary *))handler {
  return [self request:asset
               options:options
            degradable:true
                  then:^(PHMediaResult *result, NSDictionary *info) {
                    NSURL *movie = [[asset row] fileURLForOriginalVideoComplement];
                    bool whole = [result data] != nil && movie != nil;
                    NSArray *files = whole ? @[ [[asset row] mainFileURL], movie ] : nil;
                    if (handler != nil)
                      handler(files == nil ? nil : [PHLivePhoto livePhotoWithFileURLs:files size:size], info);
                  }];
}

@end
