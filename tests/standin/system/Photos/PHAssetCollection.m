#import "PHAssetCollection.h"
#import "PHAsset.h"
#import "PHFetchResult.h"
#import "PHQuery.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>

static PHFetchResult *fetch(NSString *type, PHFetchOptions *options) {
  PHQuery *query = [PHQuery queryForType:type withBasePredicate:nil inLibrary:[PHPhotoLibrary sharedPhotoLibrary]];
  [query setFetchOptions:options];
  return [query executeQuery];
}

static PHFetchResult *fetch_identifiers(NSString *type, NSArray *identifiers, PHFetchOptions *options) {
  return [[PHQuery queryForType:type withIdentifiers:identifiers local:true options:options] executeQuery];
}

@implementation PHCollection

+ (PHFetchResult *)fetchCollectionsInCollectionList:(PHCollection *)list options:(PHFetchOptions *)options {
  return fetch(@"PHCollection", options);
}

+ (PHFetchResult *)fetchTopLevelUserCollectionsWithOptions:(PHFetchOptions *)options {
  return fetch(@"PHCollection", options);
}

+ (NSArray *)collectionsOfType:(NSString *)type in:(PLLibraryContents *)contents uuids:(NSSet *)uuids {
  NSMutableArray *collections = [NSMutableArray array];
  for (NSDictionary *row in [contents albums]) {
    NSString *class = [row objectForKey:@"class"];
    if (![type isEqualToString:@"PHCollection"] && ![type isEqualToString:class]) continue;
    if (uuids != nil && ![uuids containsObject:[row objectForKey:@"uuid"]]) continue;
    PHCollection *collection = [[NSClassFromString(class) alloc] initWithUUID:[row objectForKey:@"uuid"]];
    collection->_row = [row retain];
    [collections addObject:[collection autorelease]];
  }
  return collections;
}

- (void)dealloc {
  [_row release];
  [super dealloc];
}

+ (NSString *)localIdentifierSuffix {
  return @"/L0/040";
}

- (NSString *)localizedTitle {
  return [_row objectForKey:@"title"];
}

- (bool)canContainAssets {
  return false;
}

- (bool)canContainCollections {
  return true;
}

- (NSArray *)assetUUIDs {
  return [_row objectForKey:@"assets"];
}

@end

@implementation PHAssetCollection

+ (PHFetchResult *)fetchAssetCollectionsWithLocalIdentifiers:(NSArray *)identifiers options:(PHFetchOptions *)options {
  return fetch_identifiers(@"PHAssetCollection", identifiers, options);
}

+ (PHFetchResult *)fetchAssetCollectionsWithType:(NSInteger)type
                                         subtype:(NSInteger)subtype
                                         options:(PHFetchOptions *)options {
  return fetch(@"PHAssetCollection", options);
}

+ (PHFetchResult *)fetchAssetCollectionsContainingAsset:(PHAsset *)asset
                                               withType:(NSInteger)type
                                                options:(PHFetchOptions *)options {
  return fetch(@"PHAssetCollection", options);
}

+ (PHFetchResult *)fetchAssetCollectionsWithALAssetGroupURLs:(NSArray *)urls options:(PHFetchOptions *)options {
  return fetch(@"PHAssetCollection", options);
}

+ (PHFetchResult *)fetchMomentsInMomentList:(PHCollection *)list options:(PHFetchOptions *)options {
  return [self fetchMomentsWithOptions:options];
}

+ (PHFetchResult *)fetchMomentsWithOptions:(PHFetchOptions *)options {
  return fetch(@"PHAssetCollection", options);
}

- (bool)canContainAssets {
  return true;
}

- (bool)canContainCollections {
  return false;
}

- (NSInteger)assetCollectionType {
  return 1;  // album
}

- (NSInteger)assetCollectionSubtype {
  return 2;  // regular
}

- (NSUInteger)estimatedAssetCount {
  return [[self assetUUIDs] count];
}

@end

@implementation PHCollectionList

+ (PHFetchResult *)fetchCollectionListsContainingCollection:(PHCollection *)collection
                                                    options:(PHFetchOptions *)options {
  return fetch(@"PHCollectionList", options);
}

+ (PHFetchResult *)fetchCollectionListsWithLocalIdentifiers:(NSArray *)identifiers options:(PHFetchOptions *)options {
  return fetch_identifiers(@"PHCollectionList", identifiers, options);
}

+ (PHFetchResult *)fetchCollectionListsWithType:(NSInteger)type
                                        subtype:(NSInteger)subtype
                                        options:(PHFetchOptions *)options {
  return fetch(@"PHCollectionList", options);
}

+ (PHFetchResult *)fetchMomentListsWithSubtype:(NSInteger)subtype options:(PHFetchOptions *)options {
  return fetch(@"PHCollectionList", options);
}

+ (PHFetchResult *)fetchMomentListsWithSubtype:(NSInteger)subtype
                              containingMoment:(PHAssetCollection *)moment
                                       options:(PHFetchOptions *)options {
  return fetch(@"PHCollectionList", options);
}

- (NSInteger)collectionListType {
  return 2;  // folder
}

- (NSInteger)collectionListSubtype {
  return 100;  // regular folder
}

@end
