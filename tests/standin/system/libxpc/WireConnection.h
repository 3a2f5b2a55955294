// Two processes of the stand-in talk: one JSON object a line over a Unix socket in the folder that STANDIN_RUN names.
#import <Foundation/Foundation.h>

@interface WireConnection : NSObject {
  int _descriptor;
  pid_t _peer;
  NSMutableDictionary *_replies;
  NSCondition *_replied;
  long _lastRequest;
  BOOL _closed;
  void (^_messageHandler)(NSDictionary *);
  void (^_interruptionHandler)(void);
}

// Null when the service does not listen.
+ (instancetype)connectionToService:(NSString *)name;
- (instancetype)initWithDescriptor:(int)descriptor;

// Both run on the connection's own thread. Set them before -resume.
- (void)setMessageHandler:(void (^)(NSDictionary *message))handler;
- (void)setInterruptionHandler:(void (^)(void))handler;
- (void)resume;

// The kernel's word on who is at the other end.
- (pid_t)peer;
- (BOOL)send:(NSDictionary *)message;
// Waits for the answer; null when the other end has gone. Not to be called from the handlers.
- (NSDictionary *)request:(NSDictionary *)message;
- (BOOL)answer:(NSDictionary *)request with:(NSDictionary *)message;
- (void)close;

@end
