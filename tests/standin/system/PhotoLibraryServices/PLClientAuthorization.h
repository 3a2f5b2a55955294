#import <Foundation/Foundation.h>

// A client as a daemon knows it: the process at the other end of a connection and what it may do.
@interface PLClientAuthorization : NSObject {
  pid_t _clientProcessIdentifier;
  NSString *_trustedCallerBundleID;
}

// Null for a process without a bundle.
+ (instancetype)authorizationOfProcess:(pid_t)pid;
- (instancetype)initWithProcess:(pid_t)pid bundleID:(NSString *)bundleID;
- (pid_t)clientProcessIdentifier;
- (NSString *)trustedCallerBundleID;
- (NSInteger)photosAccessStatus;

@end
