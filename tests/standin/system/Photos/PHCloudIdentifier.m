#import "PHCloudIdentifier.h"

@implementation PHCloudIdentifier

- (instancetype)initWithStringValue:(NSString *)value {
  if ((self = [super init]) == nil) return nil;
  _stringValue = [value copy];
  return self;
}

- (void)dealloc {
  [_stringValue release];
  [super dealloc];
}

- (id)copyWithZone:(NSZone *)zone {
  return [self retain];
}

- (NSString *)stringValue {
  return _stringValue;
}

- (BOOL)isEqual:(id)other {
  return [other isKindOfClass:[PHCloudIdentifier class]] && [_stringValue isEqualToString:[other stringValue]];
}

- (NSUInteger)hash {
  return [_stringValue hash];
}

@end

@implementation PHCloudIdentifierMapping

- (instancetype)initWithCloudIdentifier:(PHCloudIdentifier *)identifier {
  if ((self = [super init]) == nil) return nil;
  _cloudIdentifier = [identifier retain];
  return self;
}

- (void)dealloc {
  [_cloudIdentifier release];
  [super dealloc];
}

- (PHCloudIdentifier *)cloudIdentifier {
  return _cloudIdentifier;
}

- (NSError *)error {
  return nil;
}

@end

@implementation PHLocalIdentifierMapping

- (instancetype)initWithLocalIdentifier:(NSString *)identifier {
  if ((self = [super init]) == nil) return nil;
  _localIdentifier = [identifier copy];
  return self;
}

- (void)dealloc {
  [_localIdentifier release];
  [super dealloc];
}

- (NSString *)localIdentifier {
  return _localIdentifier;
}

- (NSError *)error {
  return nil;
}

@end

// The stand-in's cloud identifiers are local ones with a prefix.
static NSString *const PREFIX = @"cloud:";

@implementation PHPhotoLibrary (CloudIdentifiers)

- (NSDictionary *)cloudIdentifierMappingsForLocalIdentifiers:(NSArray *)identifiers {
  NSMutableDictionary *mappings = [NSMutableDictionary dictionary];
  for (NSString *local in identifiers) {
    PHCloudIdentifier *cloud = [[PHCloudIdentifier alloc] initWithStringValue:[PREFIX stringByAppendingString:local]];
    [mappings setObject:[[[PHCloudIdentifierMapping alloc] initWithCloudIdentifier:cloud] autorelease] forKey:local];
    [cloud release];
  }
  return mappings;
}

- (NSDictionary *)localIdentifierMappingsForCloudIdentifiers:(NSArray *)identifiers {
  NSMutableDictionary *mappings = [NSMutableDictionary dictionary];
  for (PHCloudIdentifier *cloud in identifiers) {
    NSString *local = [[cloud stringValue] substringFromIndex:[PREFIX length]];
    [mappings setObject:[[[PHLocalIdentifierMapping alloc] initWithLocalIdentifier:local] autorelease] forKey:cloud];
  }
  return mappings;
}

@end
