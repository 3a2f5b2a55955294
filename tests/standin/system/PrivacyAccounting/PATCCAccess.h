#import "PAAccess.h"

// An access to something that a person has to permit. Source: class dump of 17.0.3.
@interface PATCCAccess : PAAccess {
  NSString *_tccService;
}

+ (instancetype)accessWithAccessor:(PAApplication *)accessor forService:(NSString *)service;
+ (instancetype)accessWithAuditToken:(audit_token_t)token forService:(NSString *)service;
- (instancetype)initWithAccessor:(PAApplication *)accessor forService:(NSString *)service;
- (instancetype)initWithAuditToken:(audit_token_t)token forService:(NSString *)service;
- (instancetype)initWithAccessor:(PAApplication *)accessor
                      identifier:(NSUUID *)identifier
                            kind:(NSInteger)kind
                      forService:(NSString *)service;
- (NSString *)tccService;

@end
