#import "CLLocationManager.h"

@implementation CLLocation

- (instancetype)initWithLatitude:(double)latitude longitude:(double)longitude {
  if ((self = [super init]) == nil) return nil;
  _latitude = latitude;
  _longitude = longitude;
  return self;
}

@end

static CLLocationManager *monitoring;

@implementation CLLocationManager

- (void)setDelegate:(id<CLLocationManagerDelegate>)delegate {
  _delegate = delegate;
}

- (void)startMonitoringSignificantLocationChanges {
  monitoring = self;
}

// The system's side: the phone has moved.
+ (void)deliverLocation {
  CLLocation *place = [[[CLLocation alloc] initWithLatitude:52.52 longitude:13.405] autorelease];
  [monitoring->_delegate locationManager:monitoring didUpdateLocations:@[ place ]];
}

@end
