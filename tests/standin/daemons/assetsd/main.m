// assetsd: owns the photo library. Apps' connections are bound to it here, and here the binding is logged.
#import "AssetsDaemon.h"
#include <dispatch/dispatch.h>
#include <unistd.h>
#import <WireListener.h>

int main(void) {
  NSAutoreleasePool *pool = [NSAutoreleasePool new];
  AssetsDaemon *daemon = [AssetsDaemon new];
  WireListener *listener =
      [[WireListener alloc] initWithService:@"assetsd"
                                    handler:^(WireConnection *connection) { [daemon serve:connection]; }];
  [daemon connectToDriver];
  [listener run];
  [pool release];
  return 1;
}
