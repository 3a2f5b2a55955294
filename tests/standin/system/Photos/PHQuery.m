#import "PHQuery.h"
#import "PHAsset.h"
#import "PHAssetCollection.h"
#import "PHFetchResult.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>

static NSSet *uuids_of(NSArray *identifiers) {
  NSMutableSet *uuids = [NSMutableSet set];
  for (NSString *identifier in identifiers)
    [uuids addObject:[[identifier componentsSeparatedByString:@"/"] firstObject]];
  return uuids;
}

@implementation PHQuery

#pragma mark Making

- (instancetype)initForType:(NSString *)type
          withBasePredicate:(NSPredicate *)predicate
                  inLibrary:(PHPhotoLibrary *)library {
  if ((self = [super init]) == nil) return nil;
  _fetchType = [type copy];
  _basePredicate = [predicate retain];
  _photoLibrary = [library retain];
  return self;
}

- (void)dealloc {
  [_fetchType release];
  [_basePredicate release];
  [_uuids release];
  [_fetchOptions release];
  [_photoLibrary release];
  [super dealloc];
}

+ (instancetype)queryForType:(NSString *)type
           withBasePredicate:(NSPredicate *)predicate
                   inLibrary:(PHPhotoLibrary *)library {
  return [[[self alloc] initForType:type withBasePredicate:predicate inLibrary:library] autorelease];
}

+ (instancetype)queryForType:(NSString *)type uuids:(NSSet *)uuids options:(PHFetchOptions *)options {
  PHQuery *query = [self queryForType:type withBasePredicate:nil inLibrary:[PHPhotoLibrary sharedPhotoLibrary]];
  query->_uuids = [uuids retain];
  [query setFetchOptions:options];
  return query;
}

+ (instancetype)queryForType:(NSString *)type
             withIdentifiers:(NSArray *)identifiers
                       local:(bool)local
                     options:(PHFetchOptions *)options {
  return [self queryForType:type uuids:uuids_of(identifiers) options:options];
}

+ (instancetype)queryForAssetsWithOptions:(PHFetchOptions *)options {
  return [self queryForType:@"PHAsset" uuids:nil options:options];
}

+ (instancetype)queryForAssetsWithMediaType:(PHAssetMediaType)type options:(PHFetchOptions *)options {
  PHQuery *query = [self queryForAssetsWithOptions:options];
  query->_basePredicate = [[NSPredicate predicateWithFormat:@"mediaType == %d", (int)type] retain];
  return query;
}

+ (instancetype)queryForAssetsWithLocalIdentifiers:(NSArray *)identifiers options:(PHFetchOptions *)options {
  return [self queryForType:@"PHAsset" withIdentifiers:identifiers local:true options:options];
}

+ (instancetype)queryForAssetsWithUUIDs:(NSArray *)uuids options:(PHFetchOptions *)options {
  return [self queryForType:@"PHAsset" uuids:[NSSet setWithArray:uuids ?: @[]] options:options];
}

+ (instancetype)queryForAssetsWithBurstIdentifier:(NSString *)identifier options:(PHFetchOptions *)options {
  return [self queryForType:@"PHAsset" uuids:[NSSet set] options:options];  // the stand-in's library has no bursts
}

#pragma mark Executing

+ (void)photoLibraryWasAccessed {
  [[PLPrivacy sharedInstance] logPhotosAccessWithSelfAuditToken];
}

- (PHFetchResult *)executeQuery {
  if (![PHPhotoLibrary checkAuthorizationStatusForAPIAccessLevel:PHAccessLevelReadWrite])
    return [[PHUnauthorizedFetchResult new] autorelease];
  [_photoLibrary photoLibrary];
  if ([_fetchType isEqualToString:@"PHAsset"]) pl_green_tea("Reading");  // and, on a phone, where something was found
#if STANDIN_IOS >= 180100
  [PHQuery photoLibraryWasAccessed];
#else
  [[PLPrivacy sharedInstance] logPhotosAccessWithSelfAuditToken];
#endif
  return [[[PHFetchResult alloc] initWithQuery:self] autorelease];
}

- (NSString *)fetchType {
  return _fetchType;
}

- (PHFetchOptions *)fetchOptions {
  return _fetchOptions;
}

- (void)setFetchOptions:(PHFetchOptions *)options {
  [_fetchOptions autorelease];
  _fetchOptions = [options copy];
}

- (NSArray *)candidatesIn:(PLLibraryContents *)contents {
  NSMutableArray *objects = [NSMutableArray array];
  if (![_fetchType isEqualToString:@"PHAsset"])
    return [PHCollection collectionsOfType:_fetchType in:contents uuids:_uuids];
  for (PLManagedAsset *row in [contents assets]) {
    if (_uuids != nil && ![_uuids containsObject:[row pl_uuid]]) continue;
    if ([row isHidden] && ![_fetchOptions includeHiddenAssets]) continue;
    [objects addObject:[PHAsset assetWithRow:row]];
  }
  return objects;
}

- (NSArray *)objectsIn:(PLLibraryContents *)contents {
  NSArray *objects = [self candidatesIn:contents];
  if (_basePredicate != nil) objects = [objects filteredArrayUsingPredicate:_basePredicate];
  if ([_fetchOptions predicate] != nil) objects = [objects filteredArrayUsingPredicate:[_fetchOptions predicate]];
  if ([_fetchOptions sortDescriptors] != nil)
    objects = [objects sortedArrayUsingDescriptors:[_fetchOptions sortDescriptors]];
  NSUInteger limit = [_fetchOptions fetchLimit];
  return limit == 0 || limit >= [objects count] ? objects : [objects subarrayWithRange:NSMakeRange(0, limit)];
}

@end
