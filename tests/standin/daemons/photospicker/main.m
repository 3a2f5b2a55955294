// photospicker: the picker's process. It is started for one presentation and ends soon after the person has chosen;
// with it end the intervals that it logged.
#import "PUPickerCoordinator.h"
#import <WireListener.h>
#include <stdlib.h>
#include <unistd.h>

static double linger_s(void) {
  const char *text = getenv("STANDIN_PICKER_LINGER");
  return text == NULL ? 0.8 : atof(text);
}

static void obey(WireConnection *driver, PUPickerCoordinator *coordinator, NSDictionary *order) {
  [coordinator choose:[[order objectForKey:@"count"] integerValue]];
  [driver answer:order with:@{@"done" : [NSNumber numberWithBool:YES]}];
  usleep(linger_s() * 1e6);
  _exit(0);
}

int main(void) {
  NSAutoreleasePool *pool = [NSAutoreleasePool new];
  PUPickerCoordinator *coordinator = [PUPickerCoordinator new];
  WireListener *listener = [[WireListener alloc]
      initWithService:@"photospicker"
              handler:^(WireConnection *app) {
                [app setMessageHandler:^(NSDictionary *message) { [coordinator presentFor:app]; }];
                [app resume];
              }];
  WireConnection *driver = [[WireConnection connectionToService:@"driver"] retain];
  [driver setMessageHandler:^(NSDictionary *order) { obey(driver, coordinator, order); }];
  [driver setInterruptionHandler:^{ _exit(0); }];
  [driver resume];
  [driver send:@{@"hello" : @"photospicker", @"pid" : @(getpid()), @"role" : @"picker", @"request" : @0}];
  [listener run];
  [pool release];
  return 1;
}
