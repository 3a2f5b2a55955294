#import "PHAssetResourceUploadJob.h"
#import "PHPhotoLibrary+Changes.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>
#if STANDIN_IOS >= 260100

// What assetsd keeps of an address. An app may pass anything; a destination that is none makes the transaction fail.
static NSString *address_of(id destination) {
  return [destination isKindOfClass:[NSURLRequest class]] ? [[destination URL] absoluteString] : nil;
}

@implementation PHAssetResourceUploadJobChangeRequest

+ (instancetype)requestFor:(NSString *)uuid {
  PHAssetResourceUploadJobChangeRequest *request = [[self new] autorelease];
  request->_uuid = [uuid copy];
  return request;
}

+ (instancetype)add:(PHAssetResource *)resource type:(int)type address:(NSString *)address {
  PHAssetResourceUploadJobChangeRequest *request = [self requestFor:[[NSUUID UUID] UUIDString]];
  NSMutableDictionary *order = [NSMutableDictionary dictionary];
  [order setObject:@"create-job" forKey:@"do"];
  [order setObject:request->_uuid forKey:@"uuid"];
  [order setObject:@(type) forKey:@"type"];
  NSString *asset = [[resource row] pl_uuid];
  if (asset != nil) [order setObject:asset forKey:@"asset"];
  if (address != nil) [order setObject:address forKey:@"address"];
  if (asset == nil || (type == 0 && address == nil)) [order setObject:@(YES) forKey:@"invalid"];
  PHTransactionAdd(order);
  return request;
}

- (void)dealloc {
  [_uuid release];
  [super dealloc];
}

#if STANDIN_IOS >= 260400
// The older method has become a way to the newer one.
+ (void)createJobWithDestination:(NSURLRequest *)destination resource:(PHAssetResource *)resource {
  [self creationRequestForJobWithDestination:destination resource:resource];
}

+ (instancetype)creationRequestForJobWithDestination:(NSURLRequest *)destination resource:(PHAssetResource *)resource {
  return [self add:resource type:0 address:address_of(destination)];
}

+ (instancetype)creationRequestForDownloadJobWithResource:(PHAssetResource *)resource {
  return [self add:resource type:1 address:nil];
}

- (PHObject *)placeholderForCreatedAssetResourceUploadJob {
  return [[[PHObject alloc] initWithUUID:_uuid] autorelease];
}

- (void)cancel {
  PHTransactionAdd([NSMutableDictionary dictionaryWithDictionary:@{@"do" : @"cancel-job", @"uuid" : _uuid}]);
}
#else
+ (void)createJobWithDestination:(NSURLRequest *)destination resource:(PHAssetResource *)resource {
  [self add:resource type:0 address:address_of(destination)];
}
#endif

+ (instancetype)changeRequestForUploadJob:(PHAssetResourceUploadJob *)job {
  return [self requestFor:[job uuid]];
}

- (void)retryWithDestination:(NSURLRequest *)destination {
  NSMutableDictionary *order = [NSMutableDictionary dictionaryWithDictionary:@{@"do" : @"retry-job", @"uuid" : _uuid}];
  if (address_of(destination) != nil) [order setObject:address_of(destination) forKey:@"address"];
  PHTransactionAdd(order);
}

- (void)acknowledge {
  PHTransactionAdd([NSMutableDictionary dictionaryWithDictionary:@{@"do" : @"acknowledge-job", @"uuid" : _uuid}]);
}

@end

#if STANDIN_IOS >= 270000

@implementation PHAssetResourceUploadJobOptions

- (bool)preventsExpensiveNetworkAccess {
  return _preventsExpensiveNetworkAccess;
}

- (void)setPreventsExpensiveNetworkAccess:(bool)prevents {
  _preventsExpensiveNetworkAccess = prevents;
}

@end

#endif
#endif
