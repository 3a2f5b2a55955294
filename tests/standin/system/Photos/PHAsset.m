#import "PHAsset.h"
#import "PHAssetCollection.h"
#import "PHFetchResult.h"
#import "PHQuery.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>

@implementation PHAsset

#pragma mark Fetching

+ (PHFetchResult *)fetchAssetsWithOptions:(PHFetchOptions *)options {
  return [[PHQuery queryForAssetsWithOptions:options] executeQuery];
}

+ (PHFetchResult *)fetchAssetsWithMediaType:(PHAssetMediaType)type options:(PHFetchOptions *)options {
  return [[PHQuery queryForAssetsWithMediaType:type options:options] executeQuery];
}

+ (PHFetchResult *)fetchAssetsWithLocalIdentifiers:(NSArray *)identifiers options:(PHFetchOptions *)options {
  return [[PHQuery queryForAssetsWithLocalIdentifiers:identifiers options:options] executeQuery];
}

+ (PHFetchResult *)fetchAssetsInAssetCollection:(PHAssetCollection *)collection options:(PHFetchOptions *)options {
  return [[PHQuery queryForAssetsWithUUIDs:[collection assetUUIDs] options:options] executeQuery];
}

// One fetch method that calls another, as some of Apple's do.
+ (PHFetchResult *)fetchKeyAssetsInAssetCollection:(PHAssetCollection *)collection options:(PHFetchOptions *)options {
  PHFetchOptions *first = [[options copy] autorelease] ?: [[PHFetchOptions new] autorelease];
  [first setFetchLimit:1];
  return [self fetchAssetsInAssetCollection:collection options:first];
}

+ (PHFetchResult *)fetchAssetsWithBurstIdentifier:(NSString *)identifier options:(PHFetchOptions *)options {
  return [[PHQuery queryForAssetsWithBurstIdentifier:identifier options:options] executeQuery];
}

+ (PHFetchResult *)fetchAssetsWithALAssetURLs:(NSArray *)urls options:(PHFetchOptions *)options {
  NSMutableArray *uuids = [NSMutableArray array];
  for (NSURL *url in urls) [uuids addObject:[[url lastPathComponent] stringByDeletingPathExtension]];
  return [[PHQuery queryForAssetsWithUUIDs:uuids options:options] executeQuery];
}

#pragma mark One asset

+ (instancetype)assetWithRow:(PLManagedAsset *)row {
  PHAsset *asset = [[[self alloc] initWithUUID:[row pl_uuid]] autorelease];
  asset->_row = [row retain];
  return asset;
}

- (void)dealloc {
  [_row release];
  [_location release];
  [super dealloc];
}

+ (NSString *)localIdentifierSuffix {
  return @"/L0/001";
}

- (PLManagedAsset *)row {
  return _row;
}

- (NSString *)behaviour {
  return [_row behaviour];
}

- (PHAssetMediaType)mediaType {
  return [_row mediaType];
}

- (NSUInteger)mediaSubtypes {
  return [_row mediaSubtypes];
}

- (NSUInteger)pixelWidth {
  return [_row pixelWidth];
}

- (NSUInteger)pixelHeight {
  return [_row pixelHeight];
}

- (NSDate *)creationDate {
  return [_row pl_date];
}

- (NSDate *)modificationDate {
  return [_row pl_date];
}

- (double)duration {
  return [_row duration];
}

- (bool)isFavorite {
  return [_row isFavorite];
}

- (bool)isHidden {
  return [_row isHidden];
}

- (NSUInteger)sourceType {
  return 1;  // user library
}

- (NSInteger)playbackStyle {
  return [_row mediaType] == PHAssetMediaTypeVideo ? 4 : [_row fileURLForOriginalVideoComplement] != nil ? 3 : 1;
}

- (bool)hasAdjustments {
  return false;
}

- (NSString *)burstIdentifier {
  return nil;
}

- (bool)representsBurst {
  return false;
}

@end
