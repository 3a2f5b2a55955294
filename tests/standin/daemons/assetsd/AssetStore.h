#import <Foundation/Foundation.h>

// The library's rows: at first the images that the build made, then what a scenario adds. Callers guard it.
@interface AssetStore : NSObject {
  NSMutableArray *_rows;
  NSArray *_sources;         // files that new photos are made of
  NSMutableArray *_history;  // every change since the start
  long _token;
}

// assets, albums, token: the answer to a binding.
- (NSDictionary *)contents;
// The change that this made: inserted, deleted, token. Attributes override those of the file.
- (NSDictionary *)insert:(NSDictionary *)attributes;
- (NSDictionary *)deleteNewest:(NSInteger)count;
- (NSDictionary *)deleteRows:(NSArray *)uuids;
// Sets the row's attributes; the change says that it went and came back.
- (NSDictionary *)alter:(NSDictionary *)attributes;
- (NSArray *)changesSince:(long)token;

@end
