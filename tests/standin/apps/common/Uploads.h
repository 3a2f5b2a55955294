// How apps have the system upload a photo, as the newest SDK declares it: the apps run on every version.
#import <Photos/Photos.h>

@protocol UploadJob
+ (PHFetchResult *)fetchJobsWithAction:(NSInteger)action options:(id)options;
@end

@protocol UploadRequests
+ (void)createJobWithDestination:(id)destination resource:(PHAssetResource *)resource;
+ (id)creationRequestForJobWithDestination:(id)destination resource:(PHAssetResource *)resource;
+ (id)creationRequestForDownloadJobWithResource:(PHAssetResource *)resource;
+ (id)changeRequestForUploadJob:(id)job;
- (void)retryWithDestination:(id)destination;
- (void)acknowledge;
- (void)cancel;
@end

@interface PHPhotoLibrary (UploadExtension)
- (bool)setUploadJobExtensionEnabled:(bool)enabled error:(NSError **)error;
- (bool)enableUploadJobExtensionWithOptions:(id)options error:(NSError **)error;
- (bool)disableUploadJobExtensionWithError:(NSError **)error;
- (bool)setUploadJobExtensionOptions:(id)options error:(NSError **)error;
@end

// Null on an iOS before 26.1.
Class<UploadJob> upload_jobs(void);
Class<UploadRequests> upload_requests(void);
