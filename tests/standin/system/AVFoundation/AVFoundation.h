// Video objects that Photos hands out. They know their file and nothing more.
#import <Foundation/Foundation.h>

@interface AVAsset : NSObject
@end

@interface AVURLAsset : AVAsset {
  NSURL *_URL;
}

+ (instancetype)URLAssetWithURL:(NSURL *)url options:(NSDictionary *)options;
- (NSURL *)URL;

@end

@interface AVAudioMix : NSObject
@end

@interface AVPlayerItem : NSObject {
  AVAsset *_asset;
}

+ (instancetype)playerItemWithAsset:(AVAsset *)asset;
- (AVAsset *)asset;

@end

@interface AVAssetExportSession : NSObject {
  AVAsset *_asset;
  NSString *_presetName;
}

- (instancetype)initWithAsset:(AVAsset *)asset presetName:(NSString *)preset;
- (AVAsset *)asset;
- (NSString *)presetName;

@end
