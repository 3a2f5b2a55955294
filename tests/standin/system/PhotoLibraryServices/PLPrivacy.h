#import <Foundation/Foundation.h>
@class PLClientAuthorization;

// Access to photos: who may, who is told. Source: class dumps of 15.0 and 17.0.3; call
// graphs of iOS 18.
@interface PLPrivacy : NSObject {
  NSInteger _cachedClientAuthRightFullAccess;  // 0: not asked yet
}

+ (instancetype)sharedInstance;
// Scope: 1 add only, 2 read and write. The answer: 0 not determined, 1 restricted, 2 denied, 3 authorized, 4 limited.
- (NSInteger)photosAccessAllowedWithScope:(NSInteger)scope;
- (NSInteger)checkPhotosAccessAllowedWithScope:(NSInteger)scope;
- (void)checkPhotosAccessAllowedWithScope:(NSInteger)scope handler:(void (^)(NSInteger status))handler;
- (void)_isPhotosAccessAllowedWithScope:(NSInteger)scope
                        promptIfUnknown:(bool)prompt
                            synchronous:(bool)synchronous
                          resultHandler:(void (^)(NSInteger status))handler;

// In the app, at every query.
- (void)logPhotosAccessWithSelfAuditToken;
// In assetsd, when a client is bound to the library.
- (void)reportPhotosUseWithClientAuthorization:(PLClientAuthorization *)client;
- (void)logPhotosAccessWithClientAuthorization:(PLClientAuthorization *)client;
// In the picker's process, when a person has chosen something.
- (void)logPhotosAccessWithPhotoPickerClientIdentification:(PLClientAuthorization *)client;

@end
