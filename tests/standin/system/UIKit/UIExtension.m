#import "UIExtension.h"
#import "UIRunLoop.h"
#import "UISpringBoard.h"
#include <stdlib.h>
#include <string.h>

NSString *const NSExtensionHostWillEnterForegroundNotification = @"NSExtensionHostWillEnterForegroundNotification";
NSString *const NSExtensionHostDidBecomeActiveNotification = @"NSExtensionHostDidBecomeActiveNotification";
NSString *const NSExtensionHostWillResignActiveNotification = @"NSExtensionHostWillResignActiveNotification";
NSString *const NSExtensionHostDidEnterBackgroundNotification = @"NSExtensionHostDidEnterBackgroundNotification";

@interface NSObject (Orders)
- (NSDictionary *)takeOrder:(NSDictionary *)order;
@end

static void post(NSString *name) { [[NSNotificationCenter defaultCenter] postNotificationName:name object:nil]; }

static NSDictionary *obey(id principal, NSDictionary *order) {
  NSString *what = [order objectForKey:@"do"];
  if ([what isEqualToString:@"foreground"]) {
    post(NSExtensionHostWillEnterForegroundNotification);
    post(NSExtensionHostDidBecomeActiveNotification);
  } else if ([what isEqualToString:@"background"]) {
    post(NSExtensionHostWillResignActiveNotification);
    post(NSExtensionHostDidEnterBackgroundNotification);
  } else if ([what isEqualToString:@"terminate"]) {
    exit(0);
  } else if ([what isEqualToString:@"crash"]) {
    abort();
  } else if ([principal respondsToSelector:@selector(takeOrder:)]) {
    return [principal takeOrder:order];
  }
  return nil;
}

int NSExtensionMain(int argc, char *argv[]) {
  NSAutoreleasePool *pool = [NSAutoreleasePool new];
  NSDictionary *description = [[[NSBundle mainBundle] infoDictionary] objectForKey:@"NSExtension"];
  id principal = [NSClassFromString([description objectForKey:@"NSExtensionPrincipalClass"]) new];
  ui_report_for_duty(@"extension");
  // An extension that works in the background (an upload) has no host that is in front.
  if (strcmp(getenv("STANDIN_STATE") ?: "active", "background") != 0) post(NSExtensionHostDidBecomeActiveNotification);
  [principal beginRequestWithExtensionContext:nil];
  ui_on_order(^(NSDictionary *order) { return obey(principal, order); });
  [pool release];
  ui_run_main_loop();
}
