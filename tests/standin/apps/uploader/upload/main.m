// uploader's upload extension: the system starts it, also while the app does not run. It has each new photo uploaded, and
// settles what was. On a phone it is Swift only (PHBackgroundResourceUploadJobExtension, processJobs()).
#import "../../common/Reader.h"
#import "../../common/Uploads.h"
#import "../../common/Witness.h"
#import <UIKit/UIKit.h>
#include <stdlib.h>

@interface UploadHandler : NSObject <UIExtensionRequestHandling>
@end

@implementation UploadHandler

// STANDIN_WAIT: only by the order `process`, so that a test can attach first.
- (void)beginRequestWithExtensionContext:(id)context {
  if (getenv("STANDIN_WAIT") == NULL) [self process];
}

- (void)process {
  PHFetchResult *assets = reader_fetch();
  if (upload_requests() == Nil || [assets count] == 0) return;
  const char *host = getenv("UPLOAD_TO");
  NSString *address = [NSString stringWithFormat:@"https://anna:secret@%s:8443/anna?token=secret", host ?: "upload.example"];
  NSURLRequest *destination = [NSURLRequest requestWithURL:[NSURL URLWithString:address]];
  PHAssetResource *resource = [[PHAssetResource assetResourcesForAsset:[assets lastObject]] objectAtIndex:0];
  PHFetchResult *done = [(id)upload_jobs() fetchJobsWithAction:1 options:nil];
  [[PHPhotoLibrary sharedPhotoLibrary]
      performChangesAndWait:^{
        for (NSUInteger i = 0; i < [done count]; i++)
          [[(id)upload_requests() changeRequestForUploadJob:[done objectAtIndex:i]] acknowledge];
        witness_call(@"+[PHAssetResourceUploadJobChangeRequest createJobWithDestination:resource:]", @"upload");
        [(id)upload_requests() createJobWithDestination:destination resource:resource];
      }
                      error:NULL];
}

- (NSDictionary *)takeOrder:(NSDictionary *)order {
  if ([[order objectForKey:@"do"] isEqualToString:@"process"]) [self process];
  return nil;
}

@end

int main(int argc, char *argv[]) { return NSExtensionMain(argc, argv); }
