// Waits for WireConnections at one service's socket.
#import "WireConnection.h"

@interface WireListener : NSObject {
  int _descriptor;
  void (^_handler)(WireConnection *);
}

- (instancetype)initWithService:(NSString *)name handler:(void (^)(WireConnection *connection))handler;
// Runs on the calling thread until the process ends.
- (void)run;

@end
