#import "PATCCAccess.h"

@implementation PATCCAccess

+ (instancetype)accessWithAccessor:(PAApplication *)accessor forService:(NSString *)service {
  return [[[self alloc] initWithAccessor:accessor forService:service] autorelease];
}

+ (instancetype)accessWithAuditToken:(audit_token_t)token forService:(NSString *)service {
  return [[[self alloc] initWithAuditToken:token forService:service] autorelease];
}

- (instancetype)initWithAccessor:(PAApplication *)accessor forService:(NSString *)service {
  return [self initWithAccessor:accessor identifier:[NSUUID UUID] kind:PAAccessKindEvent forService:service];
}

- (instancetype)initWithAuditToken:(audit_token_t)token forService:(NSString *)service {
  return [self initWithAccessor:[PAApplication applicationWithAuditToken:token] forService:service];
}

- (instancetype)initWithAccessor:(PAApplication *)accessor
                      identifier:(NSUUID *)identifier
                            kind:(NSInteger)kind
                      forService:(NSString *)service {
  if ((self = [super initWithAccessor:accessor identifier:identifier kind:kind]) == nil) return nil;
  _tccService = [service copy];
  return self;
}

- (void)dealloc {
  [_tccService release];
  [super dealloc];
}

- (NSString *)tccService {
  return _tccService;
}

- (NSString *)category {
  return [_tccService isEqualToString:@"kTCCServicePhotos"] ? @"photos" : [super category];
}

- (instancetype)accessWithKind:(NSInteger)kind identifier:(NSUUID *)identifier {
  return [[[PATCCAccess alloc] initWithAccessor:[self accessor] identifier:identifier kind:kind
                                     forService:_tccService] autorelease];
}

- (NSString *)matcher {
  return [[super matcher] stringByAppendingFormat:@"|%@", _tccService];
}

@end
