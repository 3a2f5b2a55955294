// 26.1: the system uploads photos for an app, whose process reads no byte. Nothing is sent: there is no network here.
// Source: PHAssetResourceUploadJob.h, PHAssetResourceUploadJobChangeRequest.h, PHAssetResourceUploadJobOptions.h of the 27 SDK.
#import "PHAssetResource.h"
#import "PHObject.h"
@class PHFetchOptions, PHFetchResult;

typedef NS_ENUM(NSInteger, PHAssetResourceUploadJobState) {
  PHAssetResourceUploadJobStateRegistered = 1,
  PHAssetResourceUploadJobStatePending = 2,
  PHAssetResourceUploadJobStateFailed = 3,
  PHAssetResourceUploadJobStateSucceeded = 4,
  PHAssetResourceUploadJobStateCancelled = 5,
};

typedef NS_ENUM(NSInteger, PHAssetResourceUploadJobAction) {
  PHAssetResourceUploadJobActionAcknowledge = 1,
  PHAssetResourceUploadJobActionRetry = 2,
  PHAssetResourceUploadJobActionProcess = 3,
};

@interface PHAssetResourceUploadJob : PHObject {
  NSDictionary *_row;
}

+ (PHFetchResult *)fetchJobsWithAction:(NSInteger)action options:(PHFetchOptions *)options;
+ (NSInteger)jobLimit;
- (instancetype)initWithRow:(NSDictionary *)row;
- (PHAssetResource *)resource;
- (NSURLRequest *)destination;
- (PHAssetResourceUploadJobState)state;
#if STANDIN_IOS >= 260400
- (int16_t)type;  // 0: upload, 1: download only
#endif

@end

// Made in a transaction, and in force only once that is committed.
@interface PHAssetResourceUploadJobChangeRequest : NSObject {
  NSString *_uuid;
}

+ (void)createJobWithDestination:(NSURLRequest *)destination resource:(PHAssetResource *)resource;
#if STANDIN_IOS >= 260400
+ (instancetype)creationRequestForJobWithDestination:(NSURLRequest *)destination resource:(PHAssetResource *)resource;
+ (instancetype)creationRequestForDownloadJobWithResource:(PHAssetResource *)resource;
- (void)cancel;
- (PHObject *)placeholderForCreatedAssetResourceUploadJob;
#endif
+ (instancetype)changeRequestForUploadJob:(PHAssetResourceUploadJob *)job;
- (void)retryWithDestination:(NSURLRequest *)destination;  // null: the same as before
- (void)acknowledge;

@end

@interface PHAssetResourceUploadJobOptions : NSObject {
  bool _preventsExpensiveNetworkAccess;
}

- (bool)preventsExpensiveNetworkAccess;
- (void)setPreventsExpensiveNetworkAccess:(bool)prevents;

@end
