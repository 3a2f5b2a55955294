#import "PHImageRequestOptions.h"
@class PHAsset, UIImage, PHMediaRequestContext;

extern NSString *const PHImageResultIsInCloudKey;
extern NSString *const PHImageResultIsDegradedKey;
extern NSString *const PHImageResultRequestIDKey;
extern NSString *const PHImageCancelledKey;
extern NSString *const PHImageErrorKey;

@interface PHImageManager : NSObject

+ (PHImageManager *)defaultManager;

// The handler is called once or more on a private queue: degraded first, then final; once, before the call returns, when
// the options say synchronous.
- (PHImageRequestID)requestImageForAsset:(PHAsset *)asset
                              targetSize:(CGSize)size
                             contentMode:(PHImageContentMode)mode
                                 options:(PHImageRequestOptions *)options
                           resultHandler:(void (^)(UIImage *image, NSDictionary *info))handler;
- (PHImageRequestID)requestImageDataForAsset:(PHAsset *)asset
                                     options:(PHImageRequestOptions *)options
                               resultHandler:(void (^)(NSData *data, NSString *type, NSInteger orientation, NSDictionary *info))handler;
- (PHImageRequestID)requestImageDataAndOrientationForAsset:(PHAsset *)asset
                                                   options:(PHImageRequestOptions *)options
                                             resultHandler:(void (^)(NSData *data, NSString *type, uint32_t orientation,
                                                                     NSDictionary *info))handler;
- (void)cancelImageRequest:(PHImageRequestID)request;

@end

@interface PHImageManager (Private)

// Source: facts A4: a candidate common funnel in 17.0.3.
- (int)runRequestWithContext:(PHMediaRequestContext *)context;

@end
