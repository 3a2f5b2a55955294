#import "PHAssetResourceManager.h"
#import "PHPhotosError.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>
#include <dispatch/dispatch.h>

enum { PIECE_BYTES = 4096 };

static dispatch_queue_t file_queue(void) {
  static dispatch_queue_t queue;
  static dispatch_once_t once;
  dispatch_once(&once,
                ^{ queue = dispatch_queue_create("com.apple.photos.resourcemanager.fileio", DISPATCH_QUEUE_SERIAL); });
  return queue;
}

@implementation PHAssetResourceManager

+ (PHAssetResourceManager *)defaultManager {
  static PHAssetResourceManager *shared;
  static dispatch_once_t once;
  dispatch_once(&once, ^{ shared = [self new]; });
  return shared;
}

- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _cancelled = [NSMutableSet new];
  return self;
}

- (PHAssetResourceDataRequestID)requestDataForAssetResource:(PHAssetResource *)resource
                                                    options:(PHAssetResourceRequestOptions *)options
                                        dataReceivedHandler:(void (^)(NSData *))received
                                          completionHandler:(void (^)(NSError *))completion {
  return [self _requestForAssetResource:resource
                            loadURLOnly:false
                                options:options
                     urlReceivedHandler:nil
                    dataReceivedHandler:received
                      completionHandler:completion];
}

- (void)writeDataForAssetResource:(PHAssetResource *)resource
                           toFile:(NSURL *)url
                          options:(PHAssetResourceRequestOptions *)options
                completionHandler:(void (^)(NSError *))completion {
  [self _requestForAssetResource:resource
                     loadURLOnly:true
                         options:options
              urlReceivedHandler:^(NSURL *source) {
                [[NSData dataWithContentsOfFile:[source path]] writeToURL:url atomically:YES];
              }
             dataReceivedHandler:nil
               completionHandler:completion];
}

- (void)cancelDataRequest:(PHAssetResourceDataRequestID)request {
  @synchronized(_cancelled) {
    [_cancelled addObject:@(request)];
  }
}

- (bool)isCancelled:(PHAssetResourceDataRequestID)request {
  @synchronized(_cancelled) {
    return [_cancelled containsObject:@(request)];
  }
}

- (PHAssetResourceDataRequestID)_requestForAssetResource:(PHAssetResource *)resource
                                             loadURLOnly:(bool)only_url
                                                 options:(PHAssetResourceRequestOptions *)options
                                      urlReceivedHandler:(void (^)(NSURL *))url_received
                                     dataReceivedHandler:(void (^)(NSData *))received
                                       completionHandler:(void (^)(NSError *))completion {
  static int last_request;
  int request = __atomic_add_fetch(&last_request, 1, __ATOMIC_SEQ_CST);
  pl_green_tea("Transmitting");
  dispatch_async(file_queue(), ^{
    NSError *error = [self errorOf:resource options:options];
    if (error == nil && only_url) url_received([resource file]);
    if (error == nil && !only_url) error = [self stream:resource request:request options:options to:received];
    if (completion != nil) completion(error);
  });
  return request;
}

- (NSError *)errorOf:(PHAssetResource *)resource options:(PHAssetResourceRequestOptions *)options {
  if ([resource file] == nil) return PHPhotosErrorOf(PHPhotosErrorInvalidResource);
  if (![[resource row] isCloudOnly]) return nil;
  if (![options isNetworkAccessAllowed]) return PHPhotosErrorOf(PHPhotosErrorNetworkAccessRequired);
  return [[resource row] isReachable] ? nil : PHPhotosErrorOf(PHPhotosErrorNetworkError);
}

- (NSError *)stream:(PHAssetResource *)resource
            request:(PHAssetResourceDataRequestID)request
            options:(PHAssetResourceRequestOptions *)options
                 to:(void (^)(NSData *))received {
  NSData *data = [NSData dataWithContentsOfFile:[[resource file] path]];
  for (NSUInteger offset = 0; offset < [data length]; offset += PIECE_BYTES) {
    if ([self isCancelled:request]) return PHPhotosErrorOf(PHPhotosErrorUserCancelled);
    NSRange piece = NSMakeRange(offset, MIN(PIECE_BYTES, [data length] - offset));
    if (received != nil) received([data subdataWithRange:piece]);
    if ([options progressHandler] != nil) [options progressHandler](NSMaxRange(piece) / (double)[data length]);
  }
  return nil;
}

@end
