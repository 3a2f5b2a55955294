#import "AssetStore.h"
#import <WireConnection.h>

@interface AssetsDaemon : NSObject {
  AssetStore *_store;
  NSMutableArray *_bound;  // connections that hear of changes
  WireConnection *_driver;
}

- (void)serve:(WireConnection *)connection;
// Orders of the scenario: new-photo, delete-photo, drop-binding, unavailable.
- (void)connectToDriver;

@end
