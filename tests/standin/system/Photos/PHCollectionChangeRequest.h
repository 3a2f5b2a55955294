// Requests to change albums and folders. The stand-in's albums never change: these take what they are given and no
// more.
#import "PHAssetCollection.h"
#import "PHAssetChangeRequest.h"

@interface PHCollectionChangeRequest : NSObject {
  NSString *_title;
  PHObjectPlaceholder *_placeholder;
}

- (NSString *)title;
- (void)setTitle:(NSString *)title;

@end

@interface PHAssetCollectionChangeRequest : PHCollectionChangeRequest

+ (instancetype)creationRequestForAssetCollectionWithTitle:(NSString *)title;
+ (void)deleteAssetCollections:(id<NSFastEnumeration>)collections;
+ (instancetype)changeRequestForAssetCollection:(PHAssetCollection *)collection;
+ (instancetype)changeRequestForAssetCollection:(PHAssetCollection *)collection assets:(PHFetchResult *)assets;
- (NSString *)title;
- (void)setTitle:(NSString *)title;
- (PHObjectPlaceholder *)placeholderForCreatedAssetCollection;
- (void)addAssets:(id<NSFastEnumeration>)assets;
- (void)insertAssets:(id<NSFastEnumeration>)assets atIndexes:(NSIndexSet *)indexes;
- (void)removeAssets:(id<NSFastEnumeration>)assets;
- (void)removeAssetsAtIndexes:(NSIndexSet *)indexes;
- (void)replaceAssetsAtIndexes:(NSIndexSet *)indexes withAssets:(id<NSFastEnumeration>)assets;
- (void)moveAssetsAtIndexes:(NSIndexSet *)indexes toIndex:(NSUInteger)index;

@end

@interface PHCollectionListChangeRequest : PHCollectionChangeRequest

+ (instancetype)creationRequestForCollectionListWithTitle:(NSString *)title;
+ (void)deleteCollectionLists:(id<NSFastEnumeration>)lists;
+ (instancetype)changeRequestForCollectionList:(PHCollectionList *)list;
+ (instancetype)changeRequestForCollectionList:(PHCollectionList *)list childCollections:(PHFetchResult *)children;
+ (instancetype)changeRequestForTopLevelCollectionListUserCollections:(PHFetchResult *)children;
- (NSString *)title;
- (void)setTitle:(NSString *)title;
- (PHObjectPlaceholder *)placeholderForCreatedCollectionList;
- (void)addChildCollections:(id<NSFastEnumeration>)collections;
- (void)insertChildCollections:(id<NSFastEnumeration>)collections atIndexes:(NSIndexSet *)indexes;
- (void)removeChildCollections:(id<NSFastEnumeration>)collections;
- (void)removeChildCollectionsAtIndexes:(NSIndexSet *)indexes;
- (void)replaceChildCollectionsAtIndexes:(NSIndexSet *)indexes withChildCollections:(id<NSFastEnumeration>)collections;
- (void)moveChildCollectionsAtIndexes:(NSIndexSet *)indexes toIndex:(NSUInteger)index;

@end
