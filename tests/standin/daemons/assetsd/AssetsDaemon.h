#import "AssetStore.h"
#import "UploadJobs.h"
#import <WireConnection.h>

@interface AssetsDaemon : NSObject {
  AssetStore *_store;
  UploadJobs *_jobs;
  NSMutableArray *_bound;  // connections that hear of changes
  WireConnection *_driver;
}

- (void)serve:(WireConnection *)connection;
// Orders of the scenario: new-photo, delete-photo, drop-binding, unavailable, finish-uploads.
- (void)connectToDriver;

@end
