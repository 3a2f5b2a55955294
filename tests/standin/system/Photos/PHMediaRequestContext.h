#import "PHImageManager.h"

// What a request gave: bytes of a file, or why not.
@interface PHMediaResult : NSObject {
  NSData *_data;
  NSError *_error;
  bool _degraded, _cancelled, _inCloud, _odd;
}

- (NSData *)data;
// What the app's handler gets: the object, or, when the asset's behaviour is odd, one of another class.
- (id)handedOut:(id)object;
- (bool)isDegraded;
- (NSDictionary *)infoForRequest:(PHImageRequestID)request;

@end

// One request: what is wanted, and to whom each result goes.
@interface PHMediaRequestContext : NSObject {
  PHImageRequestID _requestID;
  PHAsset *_asset;
  NSURL *_file;
  PHImageRequestOptions *_options;
  bool _degradable;
  bool _cancelled;
  void (^_resultHandler)(PHMediaResult *);
}

// `degradable`: an opportunistic request gets a poor result first.
+ (instancetype)contextForAsset:(PHAsset *)asset
                        options:(PHImageRequestOptions *)options
                     degradable:(bool)degradable
                  resultHandler:(void (^)(PHMediaResult *result))handler;
// Another file of the asset than its main one.
- (void)setFile:(NSURL *)file;
- (PHImageRequestID)requestID;
- (bool)isSynchronous;
// On the request's queue, or on the caller's thread for a synchronous one.
- (void)start;
- (void)cancel;

@end
