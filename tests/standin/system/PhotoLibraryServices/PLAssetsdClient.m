#import "PLAssetsdClient.h"
#import <WireConnection.h>
#include <dispatch/dispatch.h>

enum { MOST_RETRIES = 20 };
static const double RETRY_S = 0.1;

static dispatch_queue_t reconnection_queue(void) {
  static dispatch_queue_t queue;
  static dispatch_once_t once;
  dispatch_once(&once, ^{ queue = dispatch_queue_create("com.apple.photos.assetsd.client", DISPATCH_QUEUE_SERIAL); });
  return queue;
}

@implementation PLAssetsdClient

- (instancetype)initWithPhotoLibraryURL:(NSURL *)url {
  if ((self = [super init]) == nil) return nil;
  _libraryURL = [url retain];
  return self;
}

- (void)setChangeHandler:(void (^)(NSDictionary *))handler {
  _changeHandler = [handler copy];
}

- (void)setReboundHandler:(void (^)(PLLibraryContents *))handler {
  _reboundHandler = [handler copy];
}

- (void)addPhotoLibraryUnavailabilityHandler:(void (^)(NSError *))handler {
  _unavailabilityHandler = [handler copy];
}

- (PLLibraryContents *)bind {
  return [self bindAgain:NO];
}

- (PLLibraryContents *)bindAgain:(BOOL)again {
  WireConnection *connection = [WireConnection connectionToService:@"assetsd"];
  if (connection == nil) return nil;
  [connection setMessageHandler:^(NSDictionary *message) { [self receive:message]; }];
  [connection setInterruptionHandler:^{ dispatch_async(reconnection_queue(), ^{ [self interrupted:connection]; }); }];
  [connection resume];
  NSDictionary *answer = [connection request:@{@"do" : @"bind", @"again" : [NSNumber numberWithBool:again]}];
  NSArray *rows = [answer objectForKey:@"assets"];
  if (rows == nil) return nil;
  @synchronized(self) {
    [_connection autorelease];
    _connection = [connection retain];
  }
  long token = [[answer objectForKey:@"token"] longValue];
  return [[[PLLibraryContents alloc] initWithRows:rows albums:[answer objectForKey:@"albums"] token:token] autorelease];
}

- (void)receive:(NSDictionary *)message {
  NSDictionary *change = [message objectForKey:@"change"];
  if (change != nil && _changeHandler != nil) _changeHandler(change);
  NSString *reason = [message objectForKey:@"unavailable"];
  if (reason == nil || _unavailabilityHandler == nil) return;
  _unavailabilityHandler([NSError errorWithDomain:@"PHPhotosErrorDomain"
                                             code:3114  // library volume offline
                                         userInfo:@{NSLocalizedDescriptionKey : reason}]);
}

- (void)interrupted:(WireConnection *)connection {
  @synchronized(self) {
    if (_connection != connection) return;  // never bound, or bound again already
  }
  [self retry:1];
}

- (void)retry:(int)attempt {
  PLLibraryContents *contents = [self bindAgain:YES];
  if (contents != nil) {
    if (_reboundHandler != nil) _reboundHandler(contents);
  } else if (attempt < MOST_RETRIES) {
    dispatch_after(dispatch_time(DISPATCH_TIME_NOW, RETRY_S * NSEC_PER_SEC), reconnection_queue(),
                   ^{ [self retry:attempt + 1]; });
  }
}

- (NSDictionary *)request:(NSDictionary *)message {
  WireConnection *connection;
  @synchronized(self) {
    connection = [[_connection retain] autorelease];
  }
  return [connection request:message];
}

@end
