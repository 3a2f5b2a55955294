#import "PHAssetResource.h"
#import "PHAsset.h"
#import "PHLivePhoto.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>

@implementation PHAssetResource

+ (instancetype)resourceOfType:(NSInteger)type file:(NSURL *)file asset:(PHAsset *)asset {
  PHAssetResource *resource = [[self new] autorelease];
  resource->_type = type;
  resource->_file = [file retain];
  resource->_assetLocalIdentifier = [[asset localIdentifier] copy];
  resource->_row = [[asset row] retain];
  return resource;
}

// Metadata: no bytes are read, and nothing is queried.
+ (NSArray *)assetResourcesForAsset:(PHAsset *)asset {
  PLManagedAsset *row = [asset row];
  if (row == nil) return @[];
  bool video = [row mediaType] == PHAssetMediaTypeVideo;
  NSInteger type = video ? PHAssetResourceTypeVideo : PHAssetResourceTypePhoto;
  NSMutableArray *resources = [NSMutableArray arrayWithObject:[self resourceOfType:type
                                                                              file:[row mainFileURL]
                                                                             asset:asset]];
  NSURL *movie = [row fileURLForOriginalVideoComplement];
  if (movie != nil) [resources addObject:[self resourceOfType:PHAssetResourceTypePairedVideo file:movie asset:asset]];
  return resources;
}

+ (NSArray *)assetResourcesForLivePhoto:(PHLivePhoto *)photo {
  if (photo == nil) return @[];
  return @[
    [self resourceOfType:PHAssetResourceTypePhoto file:[[photo fileURLs] objectAtIndex:0] asset:nil],
    [self resourceOfType:PHAssetResourceTypePairedVideo file:[[photo fileURLs] objectAtIndex:1] asset:nil],
  ];
}

- (void)dealloc {
  [_file release];
  [_assetLocalIdentifier release];
  [_row release];
  [super dealloc];
}

- (NSURL *)file {
  return _file;
}

- (PLManagedAsset *)row {
  return _row;
}

- (PHAssetResourceType)type {
  return _type;
}

- (NSString *)assetLocalIdentifier {
  return _assetLocalIdentifier;
}

- (NSString *)uniformTypeIdentifier {
  return _type == PHAssetResourceTypePhoto ? @"public.png" : @"com.apple.quicktime-movie";
}

- (NSInteger)pixelWidth {
  return [_row pixelWidth];
}

- (NSInteger)pixelHeight {
  return [_row pixelHeight];
}

@end

@implementation PHAssetResourceRequestOptions

- (void)dealloc {
  [_progressHandler release];
  [super dealloc];
}

- (id)copyWithZone:(NSZone *)zone {
  PHAssetResourceRequestOptions *copy = [PHAssetResourceRequestOptions new];
  copy->_networkAccessAllowed = _networkAccessAllowed;
  [copy setProgressHandler:_progressHandler];
  return copy;
}

- (bool)isNetworkAccessAllowed {
  return _networkAccessAllowed;
}

- (void)setNetworkAccessAllowed:(bool)allowed {
  _networkAccessAllowed = allowed;
}

- (void (^)(double))progressHandler {
  return _progressHandler;
}

- (void)setProgressHandler:(void (^)(double))handler {
  [_progressHandler autorelease];
  _progressHandler = [handler copy];
}

@end
