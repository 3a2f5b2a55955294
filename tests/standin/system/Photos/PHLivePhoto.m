#import "PHLivePhoto.h"
#import "PHImageManager.h"
#include <dispatch/dispatch.h>

@implementation PHLivePhoto

+ (instancetype)livePhotoWithFileURLs:(NSArray *)urls size:(CGSize)size {
  PHLivePhoto *photo = [[self new] autorelease];
  photo->_fileURLs = [urls copy];
  photo->_size = size;
  return photo;
}

// From files that the app has: nothing of the library is touched.
+ (PHLivePhotoRequestID)requestLivePhotoWithResourceFileURLs:(NSArray *)urls
                                            placeholderImage:(UIImage *)image
                                                  targetSize:(CGSize)size
                                                 contentMode:(PHImageContentMode)mode
                                               resultHandler:(void (^)(PHLivePhoto *, NSDictionary *))handler {
  static int last_request;
  int request = __atomic_add_fetch(&last_request, 1, __ATOMIC_SEQ_CST);
  dispatch_async(dispatch_get_global_queue(QOS_CLASS_DEFAULT, 0), ^{
    PHLivePhoto *photo = [urls count] == 2 ? [self livePhotoWithFileURLs:urls size:size] : nil;
    if (handler != nil)
      handler(
          photo,
          @{PHImageResultRequestIDKey : @(request)});
  });
  return request;
}

// From what an item provider has loaded: nothing of the library is touched.
+ (instancetype)objectWithItemProviderData:(NSData *)data typeIdentifier:(NSString *)type error:(NSError **)error {
  return data == nil ? nil : [self livePhotoWithFileURLs:@[] size:CGSizeMake(0, 0)];
}

+ (void)cancelLivePhotoRequestWithRequestID:(PHLivePhotoRequestID)request {
}

- (void)dealloc {
  [_fileURLs release];
  [super dealloc];
}

- (id)copyWithZone:(NSZone *)zone {
  return [self retain];
}

- (CGSize)size {
  return _size;
}

- (NSArray *)fileURLs {
  return _fileURLs;
}

@end
