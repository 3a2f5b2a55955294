#import "PLManagedAsset.h"

@implementation PLManagedAsset

- (instancetype)initWithRow:(NSDictionary *)row {
  if ((self = [super init]) == nil) return nil;
  _row = [row copy];
  _mainFileURL = [[NSURL fileURLWithPath:[row objectForKey:@"path"]] retain];
  _date = [[NSDate dateWithTimeIntervalSince1970:[[row objectForKey:@"created_s"] doubleValue]] retain];
  return self;
}

- (void)dealloc {
  [_row release];
  [_mainFileURL release];
  [_date release];
  [super dealloc];
}

- (NSString *)pl_uuid {
  return [_row objectForKey:@"uuid"];
}

- (NSDate *)pl_date {
  return _date;
}

- (NSURL *)mainFileURL {
  return _mainFileURL;
}

- (NSString *)originalFilename {
  return [[_mainFileURL path] lastPathComponent];
}

- (NSInteger)mediaType {
  return [[_row objectForKey:@"media_type"] integerValue];
}

- (NSUInteger)mediaSubtypes {
  return [[_row objectForKey:@"media_subtypes"] integerValue];
}

- (NSUInteger)pixelWidth {
  return [[_row objectForKey:@"width"] integerValue];
}

- (NSUInteger)pixelHeight {
  return [[_row objectForKey:@"height"] integerValue];
}

- (double)duration {
  return [[_row objectForKey:@"duration_s"] doubleValue];
}

- (BOOL)isFavorite {
  return [[_row objectForKey:@"favorite"] boolValue];
}

- (BOOL)isHidden {
  return [[_row objectForKey:@"hidden"] boolValue];
}

- (NSString *)behaviour {
  return [_row objectForKey:@"behaviour"];
}

- (BOOL)isCloudOnly {
  return [[self behaviour] isEqualToString:@"cloud"] || ![self isReachable];
}

- (BOOL)isReachable {
  return ![[self behaviour] isEqualToString:@"unreachable"];
}

- (NSURL *)fileURLForOriginalVideoComplement {
  NSString *path = [_row objectForKey:@"complement"];
  return path == nil ? nil : [NSURL fileURLWithPath:path];
}

- (NSDictionary *)location {
  return [_row objectForKey:@"location"];
}

@end
