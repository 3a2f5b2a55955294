#import <Foundation/Foundation.h>

// Source: PHError.h of the SDK.
typedef NS_ENUM(NSInteger, PHPhotosErrorCode) {
  PHPhotosErrorUserCancelled = 3072,
  PHPhotosErrorNetworkAccessRequired = 3164,
  PHPhotosErrorNetworkError = 3169,
  PHPhotosErrorInvalidResource = 3302,
  PHPhotosErrorAccessUserDenied = 3311,
};

extern NSString *const PHPhotosErrorDomain;
NSError *PHPhotosErrorOf(PHPhotosErrorCode code);
