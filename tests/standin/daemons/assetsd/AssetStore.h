#import <Foundation/Foundation.h>

// The library's rows: at first the images that the build made, then what a scenario adds. Callers guard it.
@interface AssetStore : NSObject {
  NSMutableArray *_rows;
  NSArray *_sources; // files that new photos are made of
  long _token;
}

// assets, albums, token: the answer to a binding.
- (NSDictionary *)contents;
// The change that this made: inserted, deleted, token. Attributes override those of the file.
- (NSDictionary *)insert:(NSDictionary *)attributes;
- (NSDictionary *)deleteNewest:(NSInteger)count;

@end
