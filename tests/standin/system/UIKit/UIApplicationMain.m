#import "UIApplication.h"
#import "UIApplicationPrivate.h"
#import "UIEvent.h"
#import "UIRunLoop.h"
#import "UIScene.h"
#import "UISpringBoard.h"
#import "UIWake.h"
#include <stdlib.h>
#include <string.h>

// An app's delegate can take orders of its own: what a person taps in it.
@protocol UIOrders
- (NSDictionary *)takeOrder:(NSDictionary *)order;
@end

static NSDictionary *obey(NSDictionary *order) {
  UIApplication *application = [UIApplication sharedApplication];
  NSString *what = [order objectForKey:@"do"];
  if ([what isEqualToString:@"foreground"])
    [application enterForeground];
  else if ([what isEqualToString:@"inactive"])
    [application resignActive];
  else if ([what isEqualToString:@"background"])
    [application enterBackground];
  else if ([what isEqualToString:@"wake"])
    return @{@"handled" : [NSNumber numberWithBool:ui_wake(application, order)]};
  else if ([@[ @"touch", @"key", @"shake" ] containsObject:what])
    ui_input(order);
  else if ([what isEqualToString:@"terminate"]) {
    [application terminate];
    exit(0);
  } else if ([what isEqualToString:@"crash"]) {
    abort();
  } else if ([[application delegate] respondsToSelector:@selector(takeOrder:)])
    return [(id<UIOrders>)[application delegate] takeOrder:order];
  return nil;
}

int UIApplicationMain(int argc, char *argv[], NSString *application_class, NSString *delegate_class) {
  NSAutoreleasePool *pool = [NSAutoreleasePool new];
  UIApplication *application = [NSClassFromString(application_class ?: @"UIApplication") new];
  [application setDelegate:[[NSClassFromString(delegate_class) new] autorelease]];
  ui_report_for_duty(@"app");
  const char *state = getenv("STANDIN_STATE");
  ui_follow_with_scene();
  [application finishLaunchingInBackground:state != NULL && strcmp(state, "background") == 0
                                   options:ui_launch_options()];
  ui_on_order(^(NSDictionary *order) { return obey(order); });
  [pool release];
  ui_run_main_loop();
}
