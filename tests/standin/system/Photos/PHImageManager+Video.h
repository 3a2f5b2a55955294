// Requests for what moves.
#import "PHImageManager.h"
@class AVAsset, AVAssetExportSession, AVAudioMix, AVPlayerItem, PHLivePhoto;

@interface PHImageManager (Video)

- (PHImageRequestID)requestAVAssetForVideo:(PHAsset *)asset
                                   options:(PHVideoRequestOptions *)options
                             resultHandler:(void (^)(AVAsset *video, AVAudioMix *mix, NSDictionary *info))handler;
- (PHImageRequestID)requestPlayerItemForVideo:(PHAsset *)asset
                                      options:(PHVideoRequestOptions *)options
                                resultHandler:(void (^)(AVPlayerItem *item, NSDictionary *info))handler;
- (PHImageRequestID)requestExportSessionForVideo:(PHAsset *)asset
                                         options:(PHVideoRequestOptions *)options
                                    exportPreset:(NSString *)preset
                                   resultHandler:(void (^)(AVAssetExportSession *session, NSDictionary *info))handler;
- (PHImageRequestID)requestLivePhotoForAsset:(PHAsset *)asset
                                  targetSize:(CGSize)size
                                 contentMode:(PHImageContentMode)mode
                                     options:(PHLivePhotoRequestOptions *)options
                               resultHandler:(void (^)(PHLivePhoto *photo, NSDictionary *info))handler;

@end
