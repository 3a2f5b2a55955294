#import "PHFetchOptions.h"
#import "PHPhotoLibrary.h"
@class PHFetchResult, PLLibraryContents;

// Every fetch becomes one of these and is executed. Source: class dumps of 12.0 and 17.0.3.
@interface PHQuery : NSObject {
  NSString *_fetchType;  // PHAsset, PHAssetCollection, PHCollectionList, PHCollection
  NSPredicate *_basePredicate;
  NSSet *_uuids;  // null: any
  PHFetchOptions *_fetchOptions;
  PHPhotoLibrary *_photoLibrary;
}

+ (instancetype)queryForAssetsWithOptions:(PHFetchOptions *)options;
+ (instancetype)queryForAssetsWithMediaType:(PHAssetMediaType)type options:(PHFetchOptions *)options;
+ (instancetype)queryForAssetsWithLocalIdentifiers:(NSArray *)identifiers options:(PHFetchOptions *)options;
+ (instancetype)queryForAssetsWithUUIDs:(NSArray *)uuids options:(PHFetchOptions *)options;
+ (instancetype)queryForAssetsWithBurstIdentifier:(NSString *)identifier options:(PHFetchOptions *)options;
+ (instancetype)queryForType:(NSString *)type
           withBasePredicate:(NSPredicate *)predicate
                   inLibrary:(PHPhotoLibrary *)library;
+ (instancetype)queryForType:(NSString *)type
             withIdentifiers:(NSArray *)identifiers
                       local:(bool)local
                     options:(PHFetchOptions *)options;
- (instancetype)initForType:(NSString *)type
          withBasePredicate:(NSPredicate *)predicate
                  inLibrary:(PHPhotoLibrary *)library;

- (PHFetchResult *)executeQuery;

- (NSString *)fetchType;
- (PHFetchOptions *)fetchOptions;
- (void)setFetchOptions:(PHFetchOptions *)options;
// The objects of these contents that the query asks for, in its order. Nothing is logged.
- (NSArray *)objectsIn:(PLLibraryContents *)contents;

@end
