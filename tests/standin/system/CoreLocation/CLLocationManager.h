// Places, and updates that wake an app. Source: 16.5 SDK.
#import <Foundation/Foundation.h>
@class CLLocationManager;

@interface CLLocation : NSObject {
  double _latitude, _longitude;
}

- (instancetype)initWithLatitude:(double)latitude longitude:(double)longitude;

@end

@protocol CLLocationManagerDelegate <NSObject>
- (void)locationManager:(CLLocationManager *)manager didUpdateLocations:(NSArray *)locations;
@end

@interface CLLocationManager : NSObject {
  id<CLLocationManagerDelegate> _delegate;
}

- (void)setDelegate:(id<CLLocationManagerDelegate>)delegate;
- (void)startMonitoringSignificantLocationChanges;

@end
