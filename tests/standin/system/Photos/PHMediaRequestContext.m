#import "PHMediaRequestContext.h"
#import "PHAsset.h"
#import "PHPhotosError.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>
#include <unistd.h>

enum { DOWNLOAD_STEPS = 4, DOWNLOAD_STEP_US = 20000, MANY = 9 };

@interface PHMediaResult (Making)
+ (instancetype)resultWithData:(NSData *)data degraded:(bool)degraded inCloud:(bool)inCloud error:(NSError *)error;
+ (instancetype)cancelledResult;
- (void)setOdd;
@end

@implementation PHMediaResult

+ (instancetype)resultWithData:(NSData *)data degraded:(bool)degraded inCloud:(bool)inCloud error:(NSError *)error {
  PHMediaResult *result = [[self new] autorelease];
  result->_data = [data retain];
  result->_degraded = degraded;
  result->_inCloud = inCloud;
  result->_error = [error retain];
  return result;
}

+ (instancetype)cancelledResult {
  PHMediaResult *result = [[self new] autorelease];
  result->_cancelled = true;
  return result;
}

- (void)dealloc {
  [_data release];
  [_error release];
  [super dealloc];
}

- (NSData *)data {
  return _data;
}

- (void)setOdd {
  _odd = true;
}

- (id)handedOut:(id)object {
  return _odd ? @"not what was asked for" : object;
}

- (bool)isDegraded {
  return _degraded;
}

- (NSDictionary *)infoForRequest:(PHImageRequestID)request {
  if (_odd) return (NSDictionary *)@[];
  NSMutableDictionary *info = [NSMutableDictionary dictionary];
  [info setObject:@(request) forKey:PHImageResultRequestIDKey];
  [info setObject:[NSNumber numberWithBool:_degraded] forKey:PHImageResultIsDegradedKey];
  if (_inCloud) [info setObject:[NSNumber numberWithBool:YES] forKey:PHImageResultIsInCloudKey];
  if (_cancelled) [info setObject:[NSNumber numberWithBool:YES] forKey:PHImageCancelledKey];
  if (_error != nil) [info setObject:_error forKey:PHImageErrorKey];
  return info;
}

@end

@implementation PHMediaRequestContext

+ (instancetype)contextForAsset:(PHAsset *)asset
                        options:(PHImageRequestOptions *)options
                     degradable:(bool)degradable
                  resultHandler:(void (^)(PHMediaResult *))handler {
  static int last_request;
  PHMediaRequestContext *context = [[self new] autorelease];
  context->_requestID = __atomic_add_fetch(&last_request, 1, __ATOMIC_SEQ_CST);
  context->_asset = [asset retain];
  context->_file = [[[asset row] mainFileURL] retain];
  context->_options = options != nil ? [options copy] : [PHImageRequestOptions new];
  context->_degradable = degradable;
  context->_resultHandler = [handler copy];
  return context;
}

- (void)dealloc {
  [_asset release];
  [_file release];
  [_options release];
  [_resultHandler release];
  [super dealloc];
}

- (void)setFile:(NSURL *)file {
  [_file autorelease];
  _file = [file retain];
}

- (PHImageRequestID)requestID {
  return _requestID;
}

- (bool)isSynchronous {
  return [_options isSynchronous];
}

- (void)cancel {
  _cancelled = true;
}

- (void)deliver:(PHMediaResult *)result {
  if ([[_asset behaviour] isEqualToString:@"odd"]) [result setOdd];
  if (_resultHandler != nil) _resultHandler(result);
}

// The small copy that a phone keeps of every photo, also of one that is in iCloud.
- (void)deliverDegraded {
  // By path: GNUstep reads URLs through a cache of handles that threads can take from each other.
  NSData *data = [NSData dataWithContentsOfFile:[_file path]];
  [self deliver:[PHMediaResult resultWithData:data degraded:true inCloud:[[_asset row] isCloudOnly] error:nil]];
}

// Null when the original could be fetched.
- (NSError *)download {
  for (int step = 1; step <= DOWNLOAD_STEPS && !_cancelled; step++) {
    usleep(DOWNLOAD_STEP_US);
    bool stop = false;
    if ([_options progressHandler] != nil) [_options progressHandler](step / (double)DOWNLOAD_STEPS, nil, &stop, @{});
    if (stop) _cancelled = true;
  }
  return [[_asset row] isReachable] ? nil : PHPhotosErrorOf(PHPhotosErrorNetworkError);
}

- (PHMediaResult *)finalResult {
  if ([[_asset behaviour] isEqualToString:@"error"]) {
    NSError *error = PHPhotosErrorOf(PHPhotosErrorInvalidResource);
    return [PHMediaResult resultWithData:nil degraded:false inCloud:false error:error];
  }
  if (_asset == nil || _file == nil) {
    NSError *error = PHPhotosErrorOf(PHPhotosErrorInvalidResource);
    return [PHMediaResult resultWithData:nil degraded:false inCloud:false error:error];
  }
  bool remote = [[_asset row] isCloudOnly];
  if (remote && ![_options isNetworkAccessAllowed]) {
    NSError *error = PHPhotosErrorOf(PHPhotosErrorNetworkAccessRequired);
    return [PHMediaResult resultWithData:nil degraded:false inCloud:true error:error];
  }
  NSError *error = remote ? [self download] : nil;
  if (_cancelled) return [PHMediaResult cancelledResult];
  NSData *data = error == nil ? [NSData dataWithContentsOfFile:[_file path]] : nil;
  return [PHMediaResult resultWithData:data degraded:false inCloud:remote error:error];
}

- (void)start {
  if ([[_asset behaviour] isEqualToString:@"never"]) return;
  if ([[_asset behaviour] isEqualToString:@"many"])
    for (int i = 0; i < MANY; i++) [self deliverDegraded];
  if ([[_asset behaviour] isEqualToString:@"late"]) [NSThread sleepForTimeInterval:1];
  PHImageRequestOptionsDeliveryMode mode = [_options deliveryMode];
  bool quick = mode == PHImageRequestOptionsDeliveryModeFastFormat;
  bool first_degraded = mode == PHImageRequestOptionsDeliveryModeOpportunistic && ![self isSynchronous];
  if (_asset != nil && _degradable && !_cancelled && (quick || first_degraded)) [self deliverDegraded];
  if (_degradable && quick) return;
  [self deliver:_cancelled ? [PHMediaResult cancelledResult] : [self finalResult]];
}

@end
