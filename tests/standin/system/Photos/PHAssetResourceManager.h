#import "PHAssetResource.h"

typedef int32_t PHAssetResourceDataRequestID;

// Bytes of a resource, in pieces. Source: PHAssetResourceManager.h of the 16.5 SDK; class dump of 17.0.3.
@interface PHAssetResourceManager : NSObject {
  NSMutableSet *_cancelled;
}

+ (PHAssetResourceManager *)defaultManager;
- (PHAssetResourceDataRequestID)requestDataForAssetResource:(PHAssetResource *)resource
                                                    options:(PHAssetResourceRequestOptions *)options
                                        dataReceivedHandler:(void (^)(NSData *data))received
                                          completionHandler:(void (^)(NSError *error))completion;
- (void)writeDataForAssetResource:(PHAssetResource *)resource
                           toFile:(NSURL *)url
                          options:(PHAssetResourceRequestOptions *)options
                completionHandler:(void (^)(NSError *error))completion;
- (void)cancelDataRequest:(PHAssetResourceDataRequestID)request;

@end
