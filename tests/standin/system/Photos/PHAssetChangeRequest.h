// Requests to change assets. They make orders for assetsd: insert and delete. Source: 16.5 SDK.
#import "PHAsset.h"
#import "PHAssetResource.h"
@class PHContentEditingOutput, PHObjectPlaceholder, UIImage;

@interface PHObjectPlaceholder : PHObject
@end

@interface PHAssetChangeRequest : NSObject {
  NSMutableDictionary *_order;
  PHObjectPlaceholder *_placeholder;
  PHContentEditingOutput *_contentEditingOutput;
}

+ (instancetype)creationRequestForAssetFromImage:(UIImage *)image;
+ (instancetype)creationRequestForAssetFromImageAtFileURL:(NSURL *)url;
+ (instancetype)creationRequestForAssetFromVideoAtFileURL:(NSURL *)url;
+ (instancetype)changeRequestForAsset:(PHAsset *)asset;
+ (void)deleteAssets:(id<NSFastEnumeration>)assets;
- (PHObjectPlaceholder *)placeholderForCreatedAsset;
- (NSDate *)creationDate;
- (void)setCreationDate:(NSDate *)date;
- (id)location;
- (void)setLocation:(id)location;
- (bool)isFavorite;
- (void)setFavorite:(bool)favorite;
- (bool)isHidden;
- (void)setHidden:(bool)hidden;
- (PHContentEditingOutput *)contentEditingOutput;
- (void)setContentEditingOutput:(PHContentEditingOutput *)output;
- (void)revertAssetContentToOriginal;

@end

@interface PHAssetResourceCreationOptions : NSObject <NSCopying> {
  NSString *_originalFilename, *_uniformTypeIdentifier;
  bool _shouldMoveFile;
}

- (NSString *)originalFilename;
- (void)setOriginalFilename:(NSString *)name;
- (NSString *)uniformTypeIdentifier;
- (void)setUniformTypeIdentifier:(NSString *)identifier;
- (bool)shouldMoveFile;
- (void)setShouldMoveFile:(bool)move;

@end

@interface PHAssetCreationRequest : PHAssetChangeRequest

+ (instancetype)creationRequestForAsset;
+ (bool)supportsAssetResourceTypes:(NSArray *)types;
- (void)addResourceWithType:(PHAssetResourceType)type
                    fileURL:(NSURL *)url
                    options:(PHAssetResourceCreationOptions *)options;
- (void)addResourceWithType:(PHAssetResourceType)type
                       data:(NSData *)data
                    options:(PHAssetResourceCreationOptions *)options;

@end
