#import "PHObject.h"

@implementation PHObject

- (instancetype)initWithUUID:(NSString *)uuid {
  if ((self = [super init]) == nil) return nil;
  _uuid = [uuid copy];
  return self;
}

- (void)dealloc {
  [_uuid release];
  [super dealloc];
}

- (id)copyWithZone:(NSZone *)zone {
  return [self retain];
}

- (NSString *)uuid {
  return _uuid;
}

- (NSString *)localIdentifier {
  return [_uuid stringByAppendingString:[[self class] localIdentifierSuffix]];
}

+ (NSString *)localIdentifierSuffix {
  return @"";
}

- (BOOL)isEqual:(id)other {
  return [other isKindOfClass:[PHObject class]] && [_uuid isEqualToString:[other uuid]];
}

- (NSUInteger)hash {
  return [_uuid hash];
}

@end
