// Photos' own types, as wide as on iOS.
#pragma once
#import <CoreGraphics/CGGeometry.h>
#include <stdbool.h>

typedef NS_ENUM(NSInteger, PHAuthorizationStatus) {
  PHAuthorizationStatusNotDetermined,
  PHAuthorizationStatusRestricted,
  PHAuthorizationStatusDenied,
  PHAuthorizationStatusAuthorized,
  PHAuthorizationStatusLimited,
};

typedef NS_ENUM(NSInteger, PHAccessLevel) { PHAccessLevelAddOnly = 1, PHAccessLevelReadWrite = 2 };
typedef NS_ENUM(NSInteger, PHAssetMediaType) { PHAssetMediaTypeUnknown, PHAssetMediaTypeImage, PHAssetMediaTypeVideo };
typedef NS_ENUM(NSInteger, PHImageContentMode) { PHImageContentModeAspectFit, PHImageContentModeAspectFill };
typedef NS_ENUM(NSInteger, PHImageRequestOptionsDeliveryMode) {
  PHImageRequestOptionsDeliveryModeOpportunistic,
  PHImageRequestOptionsDeliveryModeHighQualityFormat,
  PHImageRequestOptionsDeliveryModeFastFormat,
};

typedef int32_t PHImageRequestID;
static const CGSize PHImageManagerMaximumSize = {-1, -1};
