// What a photo says of itself: read from what the query has loaded, or loaded for this one photo, a set at a time.
// Source: decompiled Photos of iOS 16.5 to 26, symbol differences up to 27.0, and the 27 SDK.
#import "PHAsset.h"
#import "PHAssetResource.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>

// A set of properties that a query does not load.
@interface PHAssetPropertySet : NSObject {
@public
  PHAsset *_asset;  // not kept
}
@end

@implementation PHAssetPropertySet
@end

@interface PHAssetOriginalMetadataProperties : PHAssetPropertySet
- (NSString *)originalFilename;
@end

@implementation PHAssetOriginalMetadataProperties
- (NSString *)originalFilename {
  return [[_asset row] originalFilename];
}
@end

@interface PHAssetAdjustmentProperties : PHAssetPropertySet
@end

@implementation PHAssetAdjustmentProperties
@end

@interface PHAsset (Sets)
- (id)_createPropertyObjectOfClass:(Class)class;
@end

@implementation PHAsset (Properties)

#if STANDIN_IOS >= 160500
// Kept once it is there: asked again while it is null.
- (id)location {
  if (_location == nil) _location = [[self _uncachedLocation] retain];
  return _location;
}

- (id)_uncachedLocation {
  if (pl_quirk("place-throws")) [NSException raise:NSInternalInconsistencyException format:@"no place"];
  return [_row location];
}
#else
- (id)location {
  if (pl_quirk("place-throws")) [NSException raise:NSInternalInconsistencyException format:@"no place"];
  return [_row location];
}
#endif

// What a log of a photo shows.
- (NSString *)description {
  return [NSString stringWithFormat:@"<PHAsset %@ %@>", [self localIdentifier], [self location]];
}

- (NSString *)filename {
  return [[_row mainFileURL] lastPathComponent];
}

#if STANDIN_IOS >= 260000
- (id)_createPropertyObjectOfClass:(Class)class {
  PHAssetPropertySet *set = [[class new] autorelease];
  set->_asset = self;
  return set;
}
#else
- (id)_createPropertyObjectOfClass:(Class)class preFetchedProperties:(id)properties {
  PHAssetPropertySet *set = [[class new] autorelease];
  set->_asset = self;
  return set;
}

- (id)_createPropertyObjectOfClass:(Class)class {
  return [self _createPropertyObjectOfClass:class preFetchedProperties:nil];
}
#endif

- (id)originalMetadataProperties {
  return [self _createPropertyObjectOfClass:[PHAssetOriginalMetadataProperties class]];
}

- (NSString *)originalFilename {
  return [[self originalMetadataProperties] originalFilename];
}

// A getter that is not counted, and loads a set.
- (NSString *)adjustmentFormatIdentifier {
  return [self _createPropertyObjectOfClass:[PHAssetAdjustmentProperties class]] == nil ? @"" : nil;
}

@end

#if STANDIN_IOS >= 270000
@interface PHAssetExtendedMetadata : PHAssetPropertySet
- (NSString *)caption;
- (NSString *)originalFilename;
- (NSArray *)keywords;
@end

@implementation PHAssetExtendedMetadata
- (NSString *)caption {
  return @"at the lake";
}
- (NSString *)originalFilename {
  return [[_asset row] originalFilename];
}
- (NSArray *)keywords {
  return @[];
}
@end

@implementation PHAsset (ExtendedMetadata)
- (PHAssetExtendedMetadata *)extendedMetadata {
  return [self _createPropertyObjectOfClass:[PHAssetExtendedMetadata class]];
}
@end
#endif

@implementation PHAssetResource (Names)

#if STANDIN_IOS >= 270000
- (NSString *)filename {
  return [[_file path] lastPathComponent];
}

// 27: the older name for the same.
- (NSString *)originalFilename {
  return [self filename];
}

- (NSNumber *)dataSize {
  return [[[NSFileManager defaultManager] fileAttributesAtPath:[_file path] traverseLink:YES] objectForKey:NSFileSize];
}
#else
- (NSString *)originalFilename {
  return [[_file path] lastPathComponent];
}
#endif

- (NSUInteger)fileSize {
  return [[[[NSFileManager defaultManager] fileAttributesAtPath:[_file path] traverseLink:YES] objectForKey:NSFileSize]
      unsignedIntegerValue];
}

@end
