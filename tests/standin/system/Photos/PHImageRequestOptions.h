#import "PHTypes.h"

@interface PHImageRequestOptions : NSObject <NSCopying> {
  NSInteger _version, _deliveryMode, _resizeMode;
  CGRect _normalizedCropRect;
  bool _networkAccessAllowed, _synchronous;
  void (^_progressHandler)(double, NSError *, bool *, NSDictionary *);
}

- (NSInteger)version;
- (void)setVersion:(NSInteger)version;
- (PHImageRequestOptionsDeliveryMode)deliveryMode;
- (void)setDeliveryMode:(PHImageRequestOptionsDeliveryMode)mode;
- (NSInteger)resizeMode;
- (void)setResizeMode:(NSInteger)mode;
- (CGRect)normalizedCropRect;
- (void)setNormalizedCropRect:(CGRect)rect;
- (bool)isNetworkAccessAllowed;
- (void)setNetworkAccessAllowed:(bool)allowed;
- (bool)isSynchronous;
- (void)setSynchronous:(bool)synchronous;
- (void (^)(double, NSError *, bool *, NSDictionary *))progressHandler;
- (void)setProgressHandler:(void (^)(double progress, NSError *error, bool *stop, NSDictionary *info))handler;

@end

// Video and live photo requests have fewer knobs, under the same names.
@interface PHVideoRequestOptions : PHImageRequestOptions
@end
@interface PHLivePhotoRequestOptions : PHImageRequestOptions
@end
