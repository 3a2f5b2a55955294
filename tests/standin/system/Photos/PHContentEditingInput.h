#import "PHAsset.h"
@class AVAsset, PHAdjustmentData, PHLivePhoto, UIImage;

typedef NSUInteger PHContentEditingInputRequestID;

@interface PHContentEditingInputRequestOptions : NSObject {
  bool _networkAccessAllowed;
  bool (^_canHandleAdjustmentData)(PHAdjustmentData *);
  void (^_progressHandler)(double, bool *);
}

- (bool)isNetworkAccessAllowed;
- (void)setNetworkAccessAllowed:(bool)allowed;
- (bool (^)(PHAdjustmentData *))canHandleAdjustmentData;
- (void)setCanHandleAdjustmentData:(bool (^)(PHAdjustmentData *data))handler;
- (void (^)(double, bool *))progressHandler;
- (void)setProgressHandler:(void (^)(double progress, bool *stop))handler;

@end

// What an editor gets: the app then reads the file itself, past PhotoKit.
@interface PHContentEditingInput : NSObject {
  PHAsset *_asset;
}

- (PHAssetMediaType)mediaType;
- (NSUInteger)mediaSubtypes;
- (NSDate *)creationDate;
- (id)location;
- (NSString *)uniformTypeIdentifier;
- (NSInteger)playbackStyle;
- (PHAdjustmentData *)adjustmentData;
- (UIImage *)displaySizeImage;
- (NSURL *)fullSizeImageURL;
- (int)fullSizeImageOrientation;
- (AVAsset *)avAsset;
- (AVAsset *)audiovisualAsset;
- (PHLivePhoto *)livePhoto;

@end

@interface PHAsset (ContentEditing)

- (PHContentEditingInputRequestID)requestContentEditingInputWithOptions:(PHContentEditingInputRequestOptions *)options
                                                      completionHandler:(void (^)(PHContentEditingInput *input,
                                                                                  NSDictionary *info))handler;
- (void)cancelContentEditingInputRequest:(PHContentEditingInputRequestID)request;

@end
