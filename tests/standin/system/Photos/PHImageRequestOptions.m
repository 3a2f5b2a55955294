#import "PHImageRequestOptions.h"

@implementation PHImageRequestOptions

- (void)dealloc {
  [_progressHandler release];
  [super dealloc];
}

- (id)copyWithZone:(NSZone *)zone {
  PHImageRequestOptions *copy = [[self class] new];
  copy->_version = _version;
  copy->_deliveryMode = _deliveryMode;
  copy->_resizeMode = _resizeMode;
  copy->_normalizedCropRect = _normalizedCropRect;
  copy->_networkAccessAllowed = _networkAccessAllowed;
  copy->_synchronous = _synchronous;
  [copy setProgressHandler:_progressHandler];
  return copy;
}

- (NSInteger)version {
  return _version;
}

- (void)setVersion:(NSInteger)version {
  _version = version;
}

- (PHImageRequestOptionsDeliveryMode)deliveryMode {
  return _deliveryMode;
}

- (void)setDeliveryMode:(PHImageRequestOptionsDeliveryMode)mode {
  _deliveryMode = mode;
}

- (NSInteger)resizeMode {
  return _resizeMode;
}

- (void)setResizeMode:(NSInteger)mode {
  _resizeMode = mode;
}

- (CGRect)normalizedCropRect {
  return _normalizedCropRect;
}

- (void)setNormalizedCropRect:(CGRect)rect {
  _normalizedCropRect = rect;
}

- (bool)isNetworkAccessAllowed {
  return _networkAccessAllowed;
}

- (void)setNetworkAccessAllowed:(bool)allowed {
  _networkAccessAllowed = allowed;
}

- (bool)isSynchronous {
  return _synchronous;
}

- (void)setSynchronous:(bool)synchronous {
  _synchronous = synchronous;
}

- (void (^)(double, NSError *, bool *, NSDictionary *))progressHandler {
  return _progressHandler;
}

- (void)setProgressHandler:(void (^)(double, NSError *, bool *, NSDictionary *))handler {
  [_progressHandler autorelease];
  _progressHandler = [handler copy];
}

@end

@implementation PHVideoRequestOptions
@end

@implementation PHLivePhotoRequestOptions
@end
