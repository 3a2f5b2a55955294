#import "PHContentEditingOutput.h"

@implementation PHAdjustmentData

- (instancetype)initWithFormatIdentifier:(NSString *)identifier formatVersion:(NSString *)version data:(NSData *)data {
  if ((self = [super init]) == nil) return nil;
  _formatIdentifier = [identifier copy];
  _formatVersion = [version copy];
  _data = [data copy];
  return self;
}

- (void)dealloc {
  [_formatIdentifier release];
  [_formatVersion release];
  [_data release];
  [super dealloc];
}

- (NSString *)formatIdentifier {
  return _formatIdentifier;
}

- (NSString *)formatVersion {
  return _formatVersion;
}

- (NSData *)data {
  return _data;
}

@end

@implementation PHContentEditingOutput

- (instancetype)initWithContentEditingInput:(PHContentEditingInput *)input {
  return [self init];
}

- (instancetype)initWithPlaceholderForCreatedAsset:(PHObjectPlaceholder *)placeholder {
  return [self init];
}

- (void)dealloc {
  [_adjustmentData release];
  [super dealloc];
}

- (PHAdjustmentData *)adjustmentData {
  return _adjustmentData;
}

- (void)setAdjustmentData:(PHAdjustmentData *)data {
  [_adjustmentData autorelease];
  _adjustmentData = [data retain];
}

- (NSURL *)renderedContentURL {
  NSString *name = [[[NSUUID UUID] UUIDString] stringByAppendingPathExtension:@"JPG"];
  return [NSURL fileURLWithPath:[NSTemporaryDirectory() stringByAppendingPathComponent:name]];
}

@end
