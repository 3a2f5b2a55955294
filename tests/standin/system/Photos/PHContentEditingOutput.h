#import "PHContentEditingInput.h"
#import "PHAssetChangeRequest.h"

@interface PHAdjustmentData : NSObject {
  NSString *_formatIdentifier, *_formatVersion;
  NSData *_data;
}

- (instancetype)initWithFormatIdentifier:(NSString *)identifier formatVersion:(NSString *)version data:(NSData *)data;
- (NSString *)formatIdentifier;
- (NSString *)formatVersion;
- (NSData *)data;

@end

@interface PHContentEditingOutput : NSObject {
  PHAdjustmentData *_adjustmentData;
}

- (instancetype)initWithContentEditingInput:(PHContentEditingInput *)input;
- (instancetype)initWithPlaceholderForCreatedAsset:(PHObjectPlaceholder *)placeholder;
- (PHAdjustmentData *)adjustmentData;
- (void)setAdjustmentData:(PHAdjustmentData *)data;
- (NSURL *)renderedContentURL;

@end
