#import "PLPrivacy.h"
#import "PLClientAuthorization.h"
#import "PLQuirks.h"
#import "PLTrust.h"
#import <PrivacyAccounting/PrivacyAccounting.h>
#include <dispatch/dispatch.h>

static NSString *const PHOTOS = @"kTCCServicePhotos";

static bool may_read(NSInteger status) { return status == 3 || status == 4; }

static void log_access(audit_token_t token) {
  [[PAAccessLogger sharedInstance] log:[PATCCAccess accessWithAuditToken:token forService:PHOTOS]];
}

@implementation PLPrivacy

+ (instancetype)sharedInstance {
  static PLPrivacy *shared;
  static dispatch_once_t once;
  dispatch_once(&once, ^{ shared = [self new]; });
  return shared;
}

- (NSInteger)statusWithPrompt:(bool)prompt {
  if (_cachedClientAuthRightFullAccess == 0)
    _cachedClientAuthRightFullAccess = pl_trust_status([[NSBundle mainBundle] bundleIdentifier], prompt);
  return _cachedClientAuthRightFullAccess;
}

- (NSInteger)photosAccessAllowedWithScope:(NSInteger)scope {
  return [self statusWithPrompt:false];
}

- (NSInteger)checkPhotosAccessAllowedWithScope:(NSInteger)scope {
  return [self statusWithPrompt:false];
}

- (void)checkPhotosAccessAllowedWithScope:(NSInteger)scope handler:(void (^)(NSInteger))handler {
  [self _isPhotosAccessAllowedWithScope:scope promptIfUnknown:true synchronous:false resultHandler:handler];
}

- (void)_isPhotosAccessAllowedWithScope:(NSInteger)scope
                        promptIfUnknown:(bool)prompt
                            synchronous:(bool)synchronous
                          resultHandler:(void (^)(NSInteger))handler {
  if (synchronous) {
    handler([self statusWithPrompt:prompt]);
    return;
  }
  dispatch_async(dispatch_get_global_queue(QOS_CLASS_DEFAULT, 0), ^{ handler([self statusWithPrompt:prompt]); });
}

- (void)logPhotosAccessWithSelfAuditToken {
  log_access(PAAuditTokenOfSelf());
}

// On iOS this tells tccd that the service was used; nothing in the report comes of it.
- (void)reportPhotosUseWithClientAuthorization:(PLClientAuthorization *)client {
}

- (void)logPhotosAccessWithClientAuthorization:(PLClientAuthorization *)client {
  if (!may_read([client photosAccessStatus]) || pl_quirk("binds-unlogged")) return;
  PAApplication *accessor = [PAApplication applicationWithBundleID:[client trustedCallerBundleID]];
  [[PAAccessLogger sharedInstance] log:[PATCCAccess accessWithAccessor:accessor forService:PHOTOS]];
}

- (void)logPhotosAccessWithPhotoPickerClientIdentification:(PLClientAuthorization *)client {
  PAApplication *accessor = [PAApplication applicationWithBundleID:[client trustedCallerBundleID]];
  [[PAAccessLogger sharedInstance] log:[PAOutOfProcessPickerAccess accessWithAccessor:accessor forType:1]];
}

@end
