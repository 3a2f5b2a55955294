#import "PHImageRequestOptions.h"
@class PHAsset, UIImage, PHMediaRequestContext;

extern NSString *const PHImageResultIsInCloudKey;
extern NSString *const PHImageResultIsDegradedKey;
extern NSString *const PHImageResultRequestIDKey;
extern NSString *const PHImageCancelledKey;
extern NSString *const PHImageErrorKey;

@interface PHImageManager : NSObject

+ (PHImageManager *)defaultManager;

// The handler is called once or more on a private queue: degraded first, then final; once, before the call returns,
// when the options say synchronous.
- (PHImageRequestID)requestImageForAsset:(PHAsset *)asset
                              targetSize:(CGSize)size
                             contentMode:(PHImageContentMode)mode
                                 options:(PHImageRequestOptions *)options
                           resultHandler:(void (^)(UIImage *image, NSDictionary *info))handler;
- (PHImageRequestID)requestImageDataForAsset:(PHAsset *)asset
                                     options:(PHImageRequestOptions *)options
                               resultHandler:(void (^)(NSData *data, NSString *type, NSInteger orientation,
                                                       NSDictionary *info))handler;
- (PHImageRequestID)requestImageDataAndOrientationForAsset:(PHAsset *)asset
                                                   options:(PHImageRequestOptions *)options
                                             resultHandler:(void (^)(NSData *data, NSString *type, uint32_t orientation,
                                                                     NSDictionary *info))handler;
- (void)cancelImageRequest:(PHImageRequestID)request;

@end

@interface PHImageManager (Private)

// Every request passes here. Source: class dump of 17.0.3; that all requests pass it there is an inference.
- (int)runRequestWithContext:(PHMediaRequestContext *)context;

@end
