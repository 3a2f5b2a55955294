// 26.1: the system uploads photos for an app, which reads no byte itself. Source: 26.1 SDK.
#import "PHAssetResource.h"
#import "PHFetchResult.h"
#import "PHQuery.h"
#if STANDIN_IOS >= 260100

@interface PHAssetResourceUploadJob : NSObject
+ (PHFetchResult *)fetchJobsWithAction:(NSInteger)action options:(PHFetchOptions *)options;
+ (NSInteger)jobLimit;
@end

@implementation PHAssetResourceUploadJob

+ (PHFetchResult *)fetchJobsWithAction:(NSInteger)action options:(PHFetchOptions *)options {
  PHQuery *query = [PHQuery queryForType:@"PHAssetResourceUploadJob"
                       withBasePredicate:nil
                               inLibrary:[PHPhotoLibrary sharedPhotoLibrary]];
  return [query executeQuery];
}

+ (NSInteger)jobLimit {
  return 1000;
}

@end

// Photos that are uploaded without the app. Nothing is sent: there is no network here. Source: 26.4 and 27 SDKs.
@interface PHAssetResourceUploadJobChangeRequest : NSObject {
  bool _settled;
}
+ (void)createJobWithDestination:(NSURLRequest *)destination resource:(PHAssetResource *)resource;
- (void)retryWithDestination:(NSURLRequest *)destination;
- (void)acknowledge;
#if STANDIN_IOS >= 260400
+ (instancetype)creationRequestForJobWithDestination:(NSURLRequest *)destination resource:(PHAssetResource *)resource;
- (void)cancel;
#endif
@end

@implementation PHAssetResourceUploadJobChangeRequest

#if STANDIN_IOS >= 260400
// The older method has become a way to the newer one.
+ (void)createJobWithDestination:(NSURLRequest *)destination resource:(PHAssetResource *)resource {
  [self creationRequestForJobWithDestination:destination resource:resource];
}

+ (instancetype)creationRequestForJobWithDestination:(NSURLRequest *)destination resource:(PHAssetResource *)resource {
  return [[self new] autorelease];
}

- (void)cancel {
  _settled = YES;
}
#else
+ (void)createJobWithDestination:(NSURLRequest *)destination resource:(PHAssetResource *)resource {
  if (destination == nil) NSLog(@"an upload without a destination");
}
#endif

- (void)retryWithDestination:(NSURLRequest *)destination {
  if (destination == nil) NSLog(@"a retry without a destination");
}

- (void)acknowledge {
  _settled = YES;
}

@end

@implementation PHPhotoLibrary (Uploads)

static BOOL uploads_enabled;

- (bool)isUploadJobExtensionEnabled {
  return uploads_enabled;
}

- (bool)setUploadJobExtensionEnabled:(bool)enabled error:(NSError **)error {
  uploads_enabled = enabled;
  return true;
}

@end

#endif
