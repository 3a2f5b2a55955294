#import "PHImageManager.h"

// Image requests are the superclass's, as since iOS 15.
@interface PHCachingImageManager : PHImageManager {
  bool _allowsCachingHighQualityImages;
  NSMutableSet *_preheated;
}

- (bool)allowsCachingHighQualityImages;
- (void)setAllowsCachingHighQualityImages:(bool)allows;
- (void)startCachingImagesForAssets:(NSArray *)assets
                         targetSize:(CGSize)size
                        contentMode:(PHImageContentMode)mode
                            options:(PHImageRequestOptions *)options;
- (void)stopCachingImagesForAssets:(NSArray *)assets
                        targetSize:(CGSize)size
                       contentMode:(PHImageContentMode)mode
                           options:(PHImageRequestOptions *)options;
- (void)stopCachingImagesForAllAssets;

@end
