#import "PHFetchOptions.h"

@implementation PHFetchOptions

- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _wantsIncrementalChangeDetails = true;
  return self;
}

- (void)dealloc {
  [_predicate release];
  [_sortDescriptors release];
  [super dealloc];
}

- (id)copyWithZone:(NSZone *)zone {
  PHFetchOptions *copy = [PHFetchOptions new];
  [copy setPredicate:_predicate];
  [copy setSortDescriptors:_sortDescriptors];
  copy->_fetchLimit = _fetchLimit;
  copy->_includeAssetSourceTypes = _includeAssetSourceTypes;
  copy->_includeHiddenAssets = _includeHiddenAssets;
  copy->_includeAllBurstAssets = _includeAllBurstAssets;
  copy->_wantsIncrementalChangeDetails = _wantsIncrementalChangeDetails;
  return copy;
}

- (NSPredicate *)predicate {
  return _predicate;
}

- (void)setPredicate:(NSPredicate *)predicate {
  [_predicate autorelease];
  _predicate = [predicate copy];
}

- (NSArray *)sortDescriptors {
  return _sortDescriptors;
}

- (void)setSortDescriptors:(NSArray *)descriptors {
  [_sortDescriptors autorelease];
  _sortDescriptors = [descriptors copy];
}

- (NSUInteger)fetchLimit {
  return _fetchLimit;
}

- (void)setFetchLimit:(NSUInteger)limit {
  _fetchLimit = limit;
}

- (NSUInteger)includeAssetSourceTypes {
  return _includeAssetSourceTypes;
}

- (void)setIncludeAssetSourceTypes:(NSUInteger)types {
  _includeAssetSourceTypes = types;
}

- (bool)includeHiddenAssets {
  return _includeHiddenAssets;
}

- (void)setIncludeHiddenAssets:(bool)include {
  _includeHiddenAssets = include;
}

- (bool)includeAllBurstAssets {
  return _includeAllBurstAssets;
}

- (void)setIncludeAllBurstAssets:(bool)include {
  _includeAllBurstAssets = include;
}

- (bool)wantsIncrementalChangeDetails {
  return _wantsIncrementalChangeDetails;
}

- (void)setWantsIncrementalChangeDetails:(bool)wants {
  _wantsIncrementalChangeDetails = wants;
}

@end
