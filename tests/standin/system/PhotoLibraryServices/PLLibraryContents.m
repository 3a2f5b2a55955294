#import "PLLibraryContents.h"

static NSArray *assets_from_rows(NSArray *rows) {
  NSMutableArray *assets = [NSMutableArray array];
  for (NSDictionary *row in rows) [assets addObject:[[[PLManagedAsset alloc] initWithRow:row] autorelease]];
  return assets;
}

@implementation PLLibraryContents

- (instancetype)initWithAssets:(NSArray *)assets albums:(NSArray *)albums token:(long)token {
  if ((self = [super init]) == nil) return nil;
  _assets = [assets copy];
  _assetsByUUID = [[NSDictionary alloc] initWithObjects:assets forKeys:[assets valueForKey:@"pl_uuid"]];
  _albums = [albums copy];
  _token = token;
  return self;
}

- (instancetype)initWithRows:(NSArray *)rows albums:(NSArray *)albums token:(long)token {
  return [self initWithAssets:assets_from_rows(rows) albums:albums token:token];
}

- (void)dealloc {
  [_assets release];
  [_assetsByUUID release];
  [_albums release];
  [super dealloc];
}

- (instancetype)contentsWithChange:(NSDictionary *)change {
  NSMutableArray *assets = [NSMutableArray array];
  NSArray *deleted = [change objectForKey:@"deleted"];
  for (PLManagedAsset *asset in _assets)
    if (![deleted containsObject:[asset pl_uuid]]) [assets addObject:asset];
  [assets addObjectsFromArray:assets_from_rows([change objectForKey:@"inserted"])];
  long token = [[change objectForKey:@"token"] longValue];
  return [[[PLLibraryContents alloc] initWithAssets:assets albums:_albums token:token] autorelease];
}

- (NSArray *)assets {
  return _assets;
}

- (PLManagedAsset *)assetWithUUID:(NSString *)uuid {
  return [_assetsByUUID objectForKey:uuid];
}

- (NSArray *)albums {
  return _albums;
}

- (long)token {
  return _token;
}

@end
