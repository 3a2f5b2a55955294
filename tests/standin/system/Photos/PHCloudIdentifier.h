#import "PHPhotoLibrary.h"

@interface PHCloudIdentifier : NSObject <NSCopying> {
  NSString *_stringValue;
}

- (instancetype)initWithStringValue:(NSString *)value;
- (NSString *)stringValue;

@end

@interface PHCloudIdentifierMapping : NSObject {
  PHCloudIdentifier *_cloudIdentifier;
}

- (PHCloudIdentifier *)cloudIdentifier;
- (NSError *)error;

@end

@interface PHLocalIdentifierMapping : NSObject {
  NSString *_localIdentifier;
}

- (NSString *)localIdentifier;
- (NSError *)error;

@end

@interface PHPhotoLibrary (CloudIdentifiers)

- (NSDictionary *)cloudIdentifierMappingsForLocalIdentifiers:(NSArray *)identifiers;
- (NSDictionary *)localIdentifierMappingsForCloudIdentifiers:(NSArray *)identifiers;

@end
