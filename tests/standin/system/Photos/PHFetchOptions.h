#import "PHTypes.h"

@interface PHFetchOptions : NSObject <NSCopying> {
  NSPredicate *_predicate;
  NSArray *_sortDescriptors;
  NSUInteger _fetchLimit;
  NSUInteger _includeAssetSourceTypes;
  bool _includeHiddenAssets;
  bool _includeAllBurstAssets;
  bool _wantsIncrementalChangeDetails;
}

- (NSPredicate *)predicate;
- (void)setPredicate:(NSPredicate *)predicate;
- (NSArray *)sortDescriptors;
- (void)setSortDescriptors:(NSArray *)descriptors;
- (NSUInteger)fetchLimit;
- (void)setFetchLimit:(NSUInteger)limit;
- (NSUInteger)includeAssetSourceTypes;
- (void)setIncludeAssetSourceTypes:(NSUInteger)types;
- (bool)includeHiddenAssets;
- (void)setIncludeHiddenAssets:(bool)include;
- (bool)includeAllBurstAssets;
- (void)setIncludeAllBurstAssets:(bool)include;
- (bool)wantsIncrementalChangeDetails;
- (void)setWantsIncrementalChangeDetails:(bool)wants;

@end
