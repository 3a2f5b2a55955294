#import "AVFoundation.h"

@implementation AVAsset
@end

@implementation AVAudioMix
@end

@implementation AVURLAsset

+ (instancetype)URLAssetWithURL:(NSURL *)url options:(NSDictionary *)options {
  AVURLAsset *asset = [[self new] autorelease];
  asset->_URL = [url retain];
  return asset;
}

- (void)dealloc {
  [_URL release];
  [super dealloc];
}

- (NSURL *)URL {
  return _URL;
}

@end

@implementation AVPlayerItem

+ (instancetype)playerItemWithAsset:(AVAsset *)asset {
  AVPlayerItem *item = [[self new] autorelease];
  item->_asset = [asset retain];
  return item;
}

- (void)dealloc {
  [_asset release];
  [super dealloc];
}

- (AVAsset *)asset {
  return _asset;
}

@end

@implementation AVAssetExportSession

- (instancetype)initWithAsset:(AVAsset *)asset presetName:(NSString *)preset {
  if ((self = [super init]) == nil) return nil;
  _asset = [asset retain];
  _presetName = [preset copy];
  return self;
}

- (void)dealloc {
  [_asset release];
  [_presetName release];
  [super dealloc];
}

- (AVAsset *)asset {
  return _asset;
}

- (NSString *)presetName {
  return _presetName;
}

@end
