#import "PHCachingImageManager.h"
#import "PHAsset.h"
#import "PHMediaRequestContext.h"

@implementation PHCachingImageManager

- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _preheated = [NSMutableSet new];
  return self;
}

- (void)dealloc {
  [_preheated release];
  [super dealloc];
}

- (bool)allowsCachingHighQualityImages {
  return _allowsCachingHighQualityImages;
}

- (void)setAllowsCachingHighQualityImages:(bool)allows {
  _allowsCachingHighQualityImages = allows;
}

// Reads the files ahead; nobody is told when they are there.
- (void)startCachingImagesForAssets:(NSArray *)assets
                         targetSize:(CGSize)size
                        contentMode:(PHImageContentMode)mode
                            options:(PHImageRequestOptions *)options {
  @synchronized(_preheated) {
    [_preheated addObjectsFromArray:assets];
  }
  for (PHAsset *asset in assets)
    [self runRequestWithContext:[PHMediaRequestContext contextForAsset:asset
                                                               options:nil
                                                            degradable:false
                                                         resultHandler:^(PHMediaResult *result){}]];
}

- (void)stopCachingImagesForAssets:(NSArray *)assets
                        targetSize:(CGSize)size
                       contentMode:(PHImageContentMode)mode
                           options:(PHImageRequestOptions *)options {
  @synchronized(_preheated) {
    [_preheated minusSet:[NSSet setWithArray:assets]];
  }
}

- (void)stopCachingImagesForAllAssets {
  @synchronized(_preheated) {
    [_preheated removeAllObjects];
  }
}

@end
