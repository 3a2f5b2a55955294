#import "PHAssetResourceUploadJob.h"
#import "PHAsset.h"
#import "PHFetchResult.h"
#import "PHQuery.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>
#if STANDIN_IOS >= 260100

@implementation PHAssetResourceUploadJob

+ (PHFetchResult *)fetchJobsWithAction:(NSInteger)action options:(PHFetchOptions *)options {
  PHPhotoLibrary *library = [PHPhotoLibrary sharedPhotoLibrary];
  PHQuery *query = [PHQuery queryForType:@"PHAssetResourceUploadJob" withBasePredicate:nil inLibrary:library];
  PHFetchResult *found = [query executeQuery];
  PLAssetsdClient *assetsd = [[[library photoLibrary] libraryBundle] assetsdClient];
  NSArray *rows = [[assetsd request:@{@"do" : @"jobs", @"action" : @(action)}] objectForKey:@"jobs"];
  if (rows == nil) return found;
  NSMutableArray *jobs = [NSMutableArray array];
  for (NSDictionary *row in rows) [jobs addObject:[[[self alloc] initWithRow:row] autorelease]];
  return [[[PHFetchResult alloc] initWithQuery:query objects:jobs] autorelease];
}

+ (NSInteger)jobLimit {
  return 1000;
}

- (instancetype)initWithRow:(NSDictionary *)row {
  if ((self = [super initWithUUID:[row objectForKey:@"uuid"]]) == nil) return nil;
  _row = [row copy];
  return self;
}

- (void)dealloc {
  [_row release];
  [super dealloc];
}

- (PHAssetResource *)resource {
  for (PLManagedAsset *row in [[[PLPhotoLibrary systemPhotoLibrary] contents] assets])
    if ([[row pl_uuid] isEqualToString:[_row objectForKey:@"asset"]])
      return [[PHAssetResource assetResourcesForAsset:[PHAsset assetWithRow:row]] firstObject];
  return nil;
}

- (NSURLRequest *)destination {
  NSString *address = [_row objectForKey:@"address"];
  return address == nil ? nil : [NSURLRequest requestWithURL:[NSURL URLWithString:address]];
}

- (PHAssetResourceUploadJobState)state {
  return [[_row objectForKey:@"state"] integerValue];
}

#if STANDIN_IOS >= 260400
- (int16_t)type {
  return [[_row objectForKey:@"type"] shortValue];
}
#endif

@end

#if STANDIN_IOS >= 270000

@implementation PHAssetResource (UploadJobs)

+ (PHAssetResource *)assetResourceForUploadJob:(PHAssetResourceUploadJob *)job {
  return [job resource];
}

@end

#endif
#endif
