#import <Foundation/Foundation.h>

// A photo or video of the library as its database knows it. Immutable. Source: class dump of 17.0.3.
@interface PLManagedAsset : NSObject {
  NSDictionary *_row;
  NSURL *_mainFileURL;
  NSDate *_date;
}

- (instancetype)initWithRow:(NSDictionary *)row;
- (NSString *)pl_uuid;
- (NSDate *)pl_date;
- (NSURL *)mainFileURL;
- (NSString *)originalFilename;
- (NSInteger)mediaType;  // 1 image, 2 video
- (NSUInteger)mediaSubtypes;
- (NSUInteger)pixelWidth;
- (NSUInteger)pixelHeight;
- (double)duration;
- (BOOL)isFavorite;
- (BOOL)isHidden;
// The stand-in's own: how requests for this asset end. See media.py.
- (NSString *)behaviour;
// The original is only in iCloud; `reachable` says whether a download would succeed.
- (BOOL)isCloudOnly;
- (BOOL)isReachable;
// The movie half of a live photo, or null.
- (NSURL *)fileURLForOriginalVideoComplement;
- (NSDictionary *)location;  // latitude, longitude; or null

@end
