#import "PLClientAuthorization.h"
#import "PLTrust.h"
#include <limits.h>
#include <unistd.h>

// The nearest Info.plist above the executable, as far as the bundle's folder.
static NSString *bundle_identifier(pid_t pid) {
  char link[64], executable[PATH_MAX];
  snprintf(link, sizeof link, "/proc/%d/exe", pid);
  ssize_t length = readlink(link, executable, sizeof executable - 1);
  if (length < 0) return nil;
  executable[length] = 0;
  NSString *folder = [[NSString stringWithUTF8String:executable] stringByDeletingLastPathComponent];
  NSString *info = [folder stringByAppendingPathComponent:@"Info.plist"];
  return [[NSDictionary dictionaryWithContentsOfFile:info] objectForKey:@"CFBundleIdentifier"];
}

@implementation PLClientAuthorization

+ (instancetype)authorizationOfProcess:(pid_t)pid {
  NSString *identifier = bundle_identifier(pid);
  return identifier == nil ? nil : [[[self alloc] initWithProcess:pid bundleID:identifier] autorelease];
}

- (instancetype)initWithProcess:(pid_t)pid bundleID:(NSString *)bundleID {
  if ((self = [super init]) == nil) return nil;
  _clientProcessIdentifier = pid;
  _trustedCallerBundleID = [bundleID copy];
  return self;
}

- (void)dealloc {
  [_trustedCallerBundleID release];
  [super dealloc];
}

- (pid_t)clientProcessIdentifier {
  return _clientProcessIdentifier;
}

- (NSString *)trustedCallerBundleID {
  return _trustedCallerBundleID;
}

- (NSInteger)photosAccessStatus {
  return pl_trust_status(_trustedCallerBundleID, NO);
}

@end
