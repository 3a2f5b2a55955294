#import "PLTrust.h"
#import <WireConnection.h>

NSInteger pl_trust_status(NSString *bundleID, BOOL prompt) {
  WireConnection *daemon = [WireConnection connectionToService:@"tccd"];
  if (daemon == nil) return 3;
  [daemon resume];
  NSDictionary *answer = [daemon request:@{
    @"do" : prompt ? @"prompt" : @"status",
    @"service" : @"kTCCServicePhotos",
    @"identifier" : bundleID ?: @"",
  }];
  [daemon close];
  return [[answer objectForKey:@"status"] integerValue];
}
