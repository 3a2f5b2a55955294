#import "PHObject.h"
@class PHAsset, PHFetchOptions, PHFetchResult, PLLibraryContents;

@interface PHCollection : PHObject {
  NSDictionary *_row;
}

+ (PHFetchResult *)fetchCollectionsInCollectionList:(PHCollection *)list options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchTopLevelUserCollectionsWithOptions:(PHFetchOptions *)options;
- (NSString *)localizedTitle;
- (bool)canContainAssets;
- (bool)canContainCollections;

@end

@interface PHCollection (Private)

// The collections of one class (PHCollection: all), as objects; uuids null: any.
+ (NSArray *)collectionsOfType:(NSString *)type in:(PLLibraryContents *)contents uuids:(NSSet *)uuids;
- (NSArray *)assetUUIDs;

@end

@interface PHAssetCollection : PHCollection

+ (PHFetchResult *)fetchAssetCollectionsWithLocalIdentifiers:(NSArray *)identifiers options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchAssetCollectionsWithType:(NSInteger)type
                                         subtype:(NSInteger)subtype
                                         options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchAssetCollectionsContainingAsset:(PHAsset *)asset
                                               withType:(NSInteger)type
                                                options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchAssetCollectionsWithALAssetGroupURLs:(NSArray *)urls options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchMomentsInMomentList:(PHCollection *)list options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchMomentsWithOptions:(PHFetchOptions *)options;
- (NSInteger)assetCollectionType;
- (NSInteger)assetCollectionSubtype;
- (NSUInteger)estimatedAssetCount;

@end

@interface PHCollectionList : PHCollection

+ (PHFetchResult *)fetchCollectionListsContainingCollection:(PHCollection *)collection
                                                    options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchCollectionListsWithLocalIdentifiers:(NSArray *)identifiers options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchCollectionListsWithType:(NSInteger)type
                                        subtype:(NSInteger)subtype
                                        options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchMomentListsWithSubtype:(NSInteger)subtype options:(PHFetchOptions *)options;
+ (PHFetchResult *)fetchMomentListsWithSubtype:(NSInteger)subtype
                              containingMoment:(PHAssetCollection *)moment
                                       options:(PHFetchOptions *)options;
- (NSInteger)collectionListType;
- (NSInteger)collectionListSubtype;

@end
