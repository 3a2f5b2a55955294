#import "PLManagedAsset.h"

// What the library holds at one moment. Immutable: a change makes another one.
@interface PLLibraryContents : NSObject {
  NSArray *_assets;
  NSDictionary *_assetsByUUID;
  NSArray *_albums;
  long _token;
}

- (instancetype)initWithRows:(NSArray *)rows albums:(NSArray *)albums token:(long)token;
- (instancetype)contentsWithChange:(NSDictionary *)change;
- (NSArray *)assets;  // oldest first
- (PLManagedAsset *)assetWithUUID:(NSString *)uuid;
- (NSArray *)albums;  // dictionaries: uuid, title, type, subtype, assets
- (long)token;

@end
