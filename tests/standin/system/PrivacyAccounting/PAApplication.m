#import "PAApplication.h"
#include <unistd.h>

audit_token_t PAAuditTokenOfSelf(void) {
  audit_token_t token = {{0}};
  token.val[5] = getpid();
  return token;
}

@implementation PAApplication

+ (instancetype)applicationWithBundleID:(NSString *)bundleID {
  PAApplication *application = [[self new] autorelease];
  application->_bundleID = [bundleID copy];
  return application;
}

// Only a process's own token occurs: the daemon forces the accessor to the caller anyway.
+ (instancetype)applicationWithAuditToken:(audit_token_t)token {
  return [self applicationWithBundleID:[[NSBundle mainBundle] bundleIdentifier]];
}

- (void)dealloc {
  [_bundleID release];
  [super dealloc];
}

- (NSString *)bundleID {
  return _bundleID;
}

- (NSDictionary *)JSONObject {
  return @{@"identifier" : _bundleID ?: @"", @"identifierType" : @"bundleID"};
}

- (id)copyWithZone:(NSZone *)zone {
  return [self retain];
}

- (BOOL)isEqual:(id)other {
  return [other isKindOfClass:[PAApplication class]] && [_bundleID isEqualToString:[other bundleID]];
}

- (NSUInteger)hash {
  return [_bundleID hash];
}

@end
