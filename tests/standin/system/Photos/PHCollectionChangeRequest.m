#import "PHCollectionChangeRequest.h"
#import "PHPhotoLibrary+Changes.h"

@implementation PHCollectionChangeRequest

// Only inside a transaction, as on iOS; assetsd takes the order and does nothing.
+ (instancetype)requestWithTitle:(NSString *)title {
  PHCollectionChangeRequest *request = [[self new] autorelease];
  request->_title = [title copy];
  request->_placeholder = [[PHObjectPlaceholder alloc] initWithUUID:[[NSUUID UUID] UUIDString]];
  PHTransactionAdd([NSMutableDictionary dictionaryWithObject:@"album" forKey:@"do"]);
  return request;
}

- (void)dealloc {
  [_title release];
  [_placeholder release];
  [super dealloc];
}

- (NSString *)title {
  return _title;
}

- (void)setTitle:(NSString *)title {
  [_title autorelease];
  _title = [title copy];
}

- (PHObjectPlaceholder *)placeholder {
  return _placeholder;
}

@end

@implementation PHAssetCollectionChangeRequest

+ (instancetype)creationRequestForAssetCollectionWithTitle:(NSString *)title {
  return [self requestWithTitle:title];
}

+ (void)deleteAssetCollections:(id<NSFastEnumeration>)collections {
  [self requestWithTitle:nil];
}

+ (instancetype)changeRequestForAssetCollection:(PHAssetCollection *)collection {
  return [self requestWithTitle:[collection localizedTitle]];
}

+ (instancetype)changeRequestForAssetCollection:(PHAssetCollection *)collection assets:(PHFetchResult *)assets {
  return [self requestWithTitle:[collection localizedTitle]];
}

- (NSString *)title {
  return [super title];
}

- (void)setTitle:(NSString *)title {
  [super setTitle:title];
}

- (PHObjectPlaceholder *)placeholderForCreatedAssetCollection {
  return [self placeholder];
}

- (void)addAssets:(id<NSFastEnumeration>)assets {
}

- (void)insertAssets:(id<NSFastEnumeration>)assets atIndexes:(NSIndexSet *)indexes {
}

- (void)removeAssets:(id<NSFastEnumeration>)assets {
}

- (void)removeAssetsAtIndexes:(NSIndexSet *)indexes {
}

- (void)replaceAssetsAtIndexes:(NSIndexSet *)indexes withAssets:(id<NSFastEnumeration>)assets {
}

- (void)moveAssetsAtIndexes:(NSIndexSet *)indexes toIndex:(NSUInteger)index {
}

@end

@implementation PHCollectionListChangeRequest

+ (instancetype)creationRequestForCollectionListWithTitle:(NSString *)title {
  return [self requestWithTitle:title];
}

+ (void)deleteCollectionLists:(id<NSFastEnumeration>)lists {
  [self requestWithTitle:nil];
}

+ (instancetype)changeRequestForCollectionList:(PHCollectionList *)list {
  return [self requestWithTitle:[list localizedTitle]];
}

+ (instancetype)changeRequestForCollectionList:(PHCollectionList *)list childCollections:(PHFetchResult *)children {
  return [self requestWithTitle:[list localizedTitle]];
}

+ (instancetype)changeRequestForTopLevelCollectionListUserCollections:(PHFetchResult *)children {
  return [self requestWithTitle:nil];
}

- (NSString *)title {
  return [super title];
}

- (void)setTitle:(NSString *)title {
  [super setTitle:title];
}

- (PHObjectPlaceholder *)placeholderForCreatedCollectionList {
  return [self placeholder];
}

- (void)addChildCollections:(id<NSFastEnumeration>)collections {
}

- (void)insertChildCollections:(id<NSFastEnumeration>)collections atIndexes:(NSIndexSet *)indexes {
}

- (void)removeChildCollections:(id<NSFastEnumeration>)collections {
}

- (void)removeChildCollectionsAtIndexes:(NSIndexSet *)indexes {
}

- (void)replaceChildCollectionsAtIndexes:(NSIndexSet *)indexes withChildCollections:(id<NSFastEnumeration>)collections {
}

- (void)moveChildCollectionsAtIndexes:(NSIndexSet *)indexes toIndex:(NSUInteger)index {
}

@end
