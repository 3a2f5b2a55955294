#import "PLLibraryContents.h"
@class WireConnection;

// An app's connection to assetsd. It is bound to the library when it opens, and bound again when it was lost.
// Source: class dump of 17.0.3; call graph of assetsd.
@interface PLAssetsdClient : NSObject {
  NSURL *_libraryURL;
  WireConnection *_connection;
  void (^_changeHandler)(NSDictionary *);
  void (^_reboundHandler)(PLLibraryContents *);
  void (^_unavailabilityHandler)(NSError *);
}

- (instancetype)initWithPhotoLibraryURL:(NSURL *)url;
// Null when assetsd does not answer or the app may not read.
- (PLLibraryContents *)bind;
- (void)setChangeHandler:(void (^)(NSDictionary *change))handler;
- (void)setReboundHandler:(void (^)(PLLibraryContents *contents))handler;
- (void)addPhotoLibraryUnavailabilityHandler:(void (^)(NSError *error))handler;
// Asks assetsd for something else; null when it is not there.
- (NSDictionary *)request:(NSDictionary *)message;

@end
