#import "PHImageManager.h"
#import "PHAsset.h"
#import "PHMediaRequestContext.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>
#import <UIKit/UIImage.h>
#include <dispatch/dispatch.h>

NSString *const PHImageResultIsInCloudKey = @"PHImageResultIsInCloudKey";
NSString *const PHImageResultIsDegradedKey = @"PHImageResultIsDegradedKey";
NSString *const PHImageResultRequestIDKey = @"PHImageResultRequestIDKey";
NSString *const PHImageCancelledKey = @"PHImageCancelledKey";
NSString *const PHImageErrorKey = @"PHImageErrorKey";

static dispatch_queue_t request_queue(void) {
  static dispatch_queue_t queue;
  static dispatch_once_t once;
  dispatch_once(&once, ^{ queue = dispatch_queue_create("com.apple.photos.imagemanager", DISPATCH_QUEUE_CONCURRENT); });
  return queue;
}

static NSMutableDictionary *running_requests(void) {
  static NSMutableDictionary *running;
  static dispatch_once_t once;
  dispatch_once(&once, ^{ running = [NSMutableDictionary new]; });
  return running;
}

static NSString *type_of(PHAsset *asset) {
  NSString *suffix = [[[[asset row] originalFilename] pathExtension] lowercaseString];
  if ([suffix isEqualToString:@"png"]) return @"public.png";
  return [suffix isEqualToString:@"mov"] ? @"com.apple.quicktime-movie" : @"public.jpeg";
}

static CGSize scaled(PHAsset *asset, CGSize target, bool degraded) {
  CGSize full = CGSizeMake([asset pixelWidth], [asset pixelHeight]);
  double factor = 1;
  if (target.width > 0 && target.height > 0 && full.width > 0 && full.height > 0)
    factor = MIN(1, MIN(target.width / full.width, target.height / full.height));
  if (degraded) factor = MIN(factor, 120 / MAX(full.width, 1));
  return CGSizeMake(full.width * factor, full.height * factor);
}

@implementation PHImageManager

+ (PHImageManager *)defaultManager {
  static PHImageManager *shared;
  static dispatch_once_t once;
  dispatch_once(&once, ^{ shared = [PHImageManager new]; });
  return shared;
}

- (int)runRequestWithContext:(PHMediaRequestContext *)context {
  PHImageRequestID request = [context requestID];
  if ([context isSynchronous]) {
    [context start];
    return request;
  }
  NSMutableDictionary *running = running_requests();
  @synchronized(running) {
    [running setObject:context forKey:@(request)];
  }
  dispatch_async(request_queue(), ^{
    [context start];
    @synchronized(running) {
      [running removeObjectForKey:@(request)];
    }
  });
  return request;
}

- (void)cancelImageRequest:(PHImageRequestID)request {
  NSMutableDictionary *running = running_requests();
  @synchronized(running) {
    [[running objectForKey:@(request)] cancel];
  }
}

- (PHImageRequestID)requestImageForAsset:(PHAsset *)asset
                              targetSize:(CGSize)size
                             contentMode:(PHImageContentMode)mode
                                 options:(PHImageRequestOptions *)options
                           resultHandler:(void (^)(UIImage *, NSDictionary *))handler {
  __block PHImageRequestID request = 0;
  PHMediaRequestContext *context = [PHMediaRequestContext
      contextForAsset:asset
              options:options
           degradable:true
        resultHandler:^(PHMediaResult *result) {
          if (handler == nil) return;
          UIImage *image = [UIImage imageWithData:[result data] size:scaled(asset, size, [result isDegraded])];
          handler([result handedOut:image], [result infoForRequest:request]);
        }];
  request = [context requestID];
  return [self runRequestWithContext:context];
}

// As in iOS 13 and later: the older method calls the newer one.
- (PHImageRequestID)requestImageDataForAsset:(PHAsset *)asset
                                     options:(PHImageRequestOptions *)options
                               resultHandler:(void (^)(NSData *, NSString *, NSInteger, NSDictionary *))handler {
  return [self
      requestImageDataAndOrientationForAsset:asset
                                     options:options
                               resultHandler:^(NSData *data, NSString *type, uint32_t orientation, NSDictionary *info) {
                                 if (handler != nil) handler(data, type, 0, info);  // UIImageOrientationUp
                               }];
}

- (PHImageRequestID)requestImageDataAndOrientationForAsset:(PHAsset *)asset
                                                   options:(PHImageRequestOptions *)options
                                             resultHandler:
                                                 (void (^)(NSData *, NSString *, uint32_t, NSDictionary *))handler {
  if (pl_quirk("pixels-log")) [[PLPrivacy sharedInstance] logPhotosAccessWithSelfAuditToken];
  __block PHImageRequestID request = 0;
  PHMediaRequestContext *context = [PHMediaRequestContext
      contextForAsset:asset
              options:options
           degradable:false
        resultHandler:^(PHMediaResult *result) {
          if (handler != nil)
            handler([result handedOut:[result data]], type_of(asset), 1, [result infoForRequest:request]);
        }];
  request = [context requestID];
  return [self runRequestWithContext:context];
}

@end
