#import "Uploads.h"

Class<UploadJob> upload_jobs(void) { return (Class<UploadJob>)NSClassFromString(@"PHAssetResourceUploadJob"); }

Class<UploadRequests> upload_requests(void) {
  return (Class<UploadRequests>)NSClassFromString(@"PHAssetResourceUploadJobChangeRequest");
}
