#import "PHObject.h"
@class PHAssetCollection, PHFetchOptions, PHFetchResult, PLManagedAsset;

@interface PHAsset : PHObject {
  PLManagedAsset *_row;
  id _location;
}

+ (PHFetchResult *)fetchAssetsInAssetCollection:(PHAssetCollection *)collection options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchAssetsWithLocalIdentifiers:(NSArray *)identifiers options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchKeyAssetsInAssetCollection:(PHAssetCollection *)collection options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchAssetsWithOptions:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchAssetsWithMediaType:(PHAssetMediaType)type options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchAssetsWithBurstIdentifier:(NSString *)identifier options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchAssetsWithALAssetURLs:(NSArray *)urls options:(PHFetchOptions *)options;

- (PHAssetMediaType)mediaType;
- (NSUInteger)mediaSubtypes;
- (NSUInteger)pixelWidth;
- (NSUInteger)pixelHeight;
- (NSDate *)creationDate;
- (NSDate *)modificationDate;
- (double)duration;
- (bool)isFavorite;
- (bool)isHidden;
- (NSUInteger)sourceType;
- (NSInteger)playbackStyle;
- (bool)hasAdjustments;
- (NSString *)burstIdentifier;
- (bool)representsBurst;

@end

@interface PHAsset (Properties)

- (id)location;
#if STANDIN_IOS >= 160500
- (id)_uncachedLocation;
#endif

@end

// For the other files of Photos.
@interface PHAsset (Private)

+ (instancetype)assetWithRow:(PLManagedAsset *)row;
- (PLManagedAsset *)row;
- (NSString *)behaviour;

@end
