#import "PHAssetChangeRequest.h"
#import "PHPhotoLibrary+Changes.h"

@implementation PHObjectPlaceholder

+ (NSString *)localIdentifierSuffix {
  return @"/L0/001";
}

@end

@implementation PHAssetChangeRequest

- (instancetype)initWithOrder:(NSDictionary *)order uuid:(NSString *)uuid {
  if ((self = [super init]) == nil) return nil;
  _order = [[NSMutableDictionary alloc] initWithDictionary:order];
  _placeholder = [[PHObjectPlaceholder alloc] initWithUUID:uuid];
  PHTransactionAdd(_order);
  return self;
}

+ (instancetype)insertion {
  NSString *uuid = [[NSUUID UUID] UUIDString];
  return [[[self alloc] initWithOrder:@{@"do" : @"insert", @"uuid" : uuid} uuid:uuid] autorelease];
}

- (void)dealloc {
  [_order release];
  [_placeholder release];
  [_contentEditingOutput release];
  [super dealloc];
}

+ (instancetype)creationRequestForAssetFromImage:(UIImage *)image {
  return [self insertion];
}

+ (instancetype)creationRequestForAssetFromImageAtFileURL:(NSURL *)url {
  return [self insertion];
}

+ (instancetype)creationRequestForAssetFromVideoAtFileURL:(NSURL *)url {
  return [self insertion];
}

+ (instancetype)changeRequestForAsset:(PHAsset *)asset {
  return [[[self alloc] initWithOrder:@{@"do" : @"alter", @"uuid" : [asset uuid]} uuid:[asset uuid]] autorelease];
}

+ (void)deleteAssets:(id<NSFastEnumeration>)assets {
  NSMutableArray *uuids = [NSMutableArray array];
  for (PHAsset *asset in assets) [uuids addObject:[asset uuid]];
  PHTransactionAdd([NSMutableDictionary dictionaryWithDictionary:@{@"do" : @"delete", @"uuids" : uuids}]);
}

- (PHObjectPlaceholder *)placeholderForCreatedAsset {
  return _placeholder;
}

- (NSDate *)creationDate {
  NSNumber *seconds = [_order objectForKey:@"created_s"];
  return seconds == nil ? nil : [NSDate dateWithTimeIntervalSince1970:[seconds doubleValue]];
}

- (void)setCreationDate:(NSDate *)date {
  [_order setObject:@([date timeIntervalSince1970]) forKey:@"created_s"];
}

- (id)location {
  return [_order objectForKey:@"location"];
}

- (void)setLocation:(id)location {
  [_order setObject:location forKey:@"location"];
}

- (bool)isFavorite {
  return [[_order objectForKey:@"favorite"] boolValue];
}

- (void)setFavorite:(bool)favorite {
  [_order setObject:[NSNumber numberWithBool:favorite] forKey:@"favorite"];
}

- (bool)isHidden {
  return [[_order objectForKey:@"hidden"] boolValue];
}

- (void)setHidden:(bool)hidden {
  [_order setObject:[NSNumber numberWithBool:hidden] forKey:@"hidden"];
}

- (PHContentEditingOutput *)contentEditingOutput {
  return _contentEditingOutput;
}

- (void)setContentEditingOutput:(PHContentEditingOutput *)output {
  [_contentEditingOutput autorelease];
  _contentEditingOutput = [output retain];
}

- (void)revertAssetContentToOriginal {
}

@end

@implementation PHAssetCreationRequest

+ (instancetype)creationRequestForAsset {
  return [self insertion];
}

+ (bool)supportsAssetResourceTypes:(NSArray *)types {
  return true;
}

- (void)addResourceWithType:(PHAssetResourceType)type
                    fileURL:(NSURL *)url
                    options:(PHAssetResourceCreationOptions *)options {
}

- (void)addResourceWithType:(PHAssetResourceType)type
                       data:(NSData *)data
                    options:(PHAssetResourceCreationOptions *)options {
}

@end

@implementation PHAssetResourceCreationOptions

- (void)dealloc {
  [_originalFilename release];
  [_uniformTypeIdentifier release];
  [super dealloc];
}

- (id)copyWithZone:(NSZone *)zone {
  PHAssetResourceCreationOptions *copy = [PHAssetResourceCreationOptions new];
  [copy setOriginalFilename:_originalFilename];
  [copy setUniformTypeIdentifier:_uniformTypeIdentifier];
  [copy setShouldMoveFile:_shouldMoveFile];
  return copy;
}

- (NSString *)originalFilename {
  return _originalFilename;
}

- (void)setOriginalFilename:(NSString *)name {
  [_originalFilename autorelease];
  _originalFilename = [name copy];
}

- (NSString *)uniformTypeIdentifier {
  return _uniformTypeIdentifier;
}

- (void)setUniformTypeIdentifier:(NSString *)identifier {
  [_uniformTypeIdentifier autorelease];
  _uniformTypeIdentifier = [identifier copy];
}

- (bool)shouldMoveFile {
  return _shouldMoveFile;
}

- (void)setShouldMoveFile:(bool)move {
  _shouldMoveFile = move;
}

@end
