#import "PHTypes.h"
@class UIImage;

typedef int32_t PHLivePhotoRequestID;

@interface PHLivePhoto : NSObject <NSCopying> {
  NSArray *_fileURLs;
  CGSize _size;
}

+ (PHLivePhotoRequestID)requestLivePhotoWithResourceFileURLs:(NSArray *)urls
                                            placeholderImage:(UIImage *)image
                                                  targetSize:(CGSize)size
                                                 contentMode:(PHImageContentMode)mode
                                               resultHandler:(void (^)(PHLivePhoto *photo, NSDictionary *info))handler;
+ (instancetype)objectWithItemProviderData:(NSData *)data typeIdentifier:(NSString *)type error:(NSError **)error;
+ (void)cancelLivePhotoRequestWithRequestID:(PHLivePhotoRequestID)request;
- (CGSize)size;

@end

@interface PHLivePhoto (Private)

+ (instancetype)livePhotoWithFileURLs:(NSArray *)urls size:(CGSize)size;
- (NSArray *)fileURLs;  // the image, the movie

@end
