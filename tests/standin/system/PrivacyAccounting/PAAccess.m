#import "PAAccess.h"

static NSString *kind_name(NSInteger kind) {
  return kind == PAAccessKindIntervalBegin ? @"intervalBegin"
         : kind == PAAccessKindIntervalEnd ? @"intervalEnd"
                                           : @"event";
}

@implementation PAAccess

- (instancetype)initWithAccessor:(PAApplication *)accessor {
  return [self initWithAccessor:accessor identifier:[NSUUID UUID] kind:PAAccessKindEvent];
}

- (instancetype)initWithAccessor:(PAApplication *)accessor identifier:(NSUUID *)identifier kind:(NSInteger)kind {
  if ((self = [super init]) == nil) return nil;
  _accessor = [accessor retain];
  _identifier = [identifier retain];
  _kind = kind;
  return self;
}

- (void)dealloc {
  [_accessor release];
  [_identifier release];
  [super dealloc];
}

- (PAApplication *)accessor {
  return _accessor;
}

- (NSUUID *)identifier {
  return _identifier;
}

- (NSInteger)kind {
  return _kind;
}

- (NSString *)category {
  return @"unknown";
}

- (double)timestampAdjustment {
  return _timestampAdjustment;
}

- (void)setTimestampAdjustment:(double)seconds {
  _timestampAdjustment = seconds;
}

- (NSDictionary *)JSONObject {
  return @{
    @"type" : @"access",
    @"accessor" : [_accessor JSONObject],
    @"category" : [self category],
    @"identifier" : [_identifier UUIDString],
    @"kind" : kind_name(_kind),
  };
}

- (instancetype)accessWithKind:(NSInteger)kind identifier:(NSUUID *)identifier {
  return [[[[self class] alloc] initWithAccessor:_accessor identifier:identifier kind:kind] autorelease];
}

- (NSString *)matcher {
  return [NSString stringWithFormat:@"%@|%@", [_accessor bundleID], NSStringFromClass([self class])];
}

@end
