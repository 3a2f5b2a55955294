// 26.1: the system uploads photos for an app, which reads no byte itself. Source: 26.1 SDK.
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

#endif
