#import "PHTypes.h"
@class PHAsset, PHFetchResult, PHLivePhoto, PLManagedAsset;

typedef NS_ENUM(NSInteger, PHAssetResourceType) {
  PHAssetResourceTypePhoto = 1,
  PHAssetResourceTypeVideo = 2,
  PHAssetResourceTypePairedVideo = 9,
};

// One file of an asset.
@interface PHAssetResource : NSObject {
  NSInteger _type;
  NSURL *_file;
  NSString *_assetLocalIdentifier;
  PLManagedAsset *_row;
}

+ (NSArray *)assetResourcesForAsset:(PHAsset *)asset;
+ (NSArray *)assetResourcesForLivePhoto:(PHLivePhoto *)photo;
- (PHAssetResourceType)type;
- (NSString *)assetLocalIdentifier;
- (NSString *)uniformTypeIdentifier;
- (NSInteger)pixelWidth;
- (NSInteger)pixelHeight;

@end

@interface PHAssetResource (Names)

- (NSString *)originalFilename;

@end

@interface PHAssetResource (Private)

- (NSURL *)file;
- (PLManagedAsset *)row;  // null for a file that the app itself had

@end

@interface PHAssetResourceRequestOptions : NSObject <NSCopying> {
  bool _networkAccessAllowed;
  void (^_progressHandler)(double);
}

- (bool)isNetworkAccessAllowed;
- (void)setNetworkAccessAllowed:(bool)allowed;
- (void (^)(double))progressHandler;
- (void)setProgressHandler:(void (^)(double progress))handler;

@end
