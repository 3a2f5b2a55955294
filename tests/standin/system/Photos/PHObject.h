#import "PHTypes.h"

// Anything in the library that has an identifier.
@interface PHObject : NSObject <NSCopying> {
  NSString *_uuid;
}

- (instancetype)initWithUUID:(NSString *)uuid;
- (NSString *)uuid;
// "UUID/L0/001" for an asset, "UUID/L0/040" for an album.
- (NSString *)localIdentifier;
+ (NSString *)localIdentifierSuffix;

@end
