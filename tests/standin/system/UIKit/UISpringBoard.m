#import "UISpringBoard.h"
#import <WireConnection.h>
#include <dispatch/dispatch.h>
#include <unistd.h>

static WireConnection *driver;
static NSDictionary * (^order_handler)(NSDictionary *);
static NSMutableArray *early_orders;

static void carry_out(NSDictionary *order) {
  NSDictionary *details = order_handler(order);
  if ([order objectForKey:@"request"] != nil) [driver answer:order with:details ?: @{}];
}

static void receive(NSDictionary *order) {
  dispatch_async(dispatch_get_main_queue(), ^{
    if (order_handler != nil)
      carry_out(order);
    else
      [early_orders addObject:order];
  });
}

void ui_report_for_duty(NSString *role) {
  early_orders = [NSMutableArray new];
  driver = [[WireConnection connectionToService:@"driver"] retain];
  if (driver == nil) return;
  [driver setMessageHandler:^(NSDictionary *order) { receive(order); }];
  [driver setInterruptionHandler:^{ _exit(0); }];  // the driver has ended
  [driver resume];
  [driver request:@{
    @"hello" : [[NSBundle mainBundle] bundleIdentifier] ?: [[NSProcessInfo processInfo] processName],
    @"pid" : @(getpid()),
    @"role" : role,
  }];
}

void ui_on_order(NSDictionary * (^handler)(NSDictionary *)) {
  order_handler = [handler copy];
  for (NSDictionary *order in early_orders) carry_out(order);
  [early_orders removeAllObjects];
}

void ui_tell_driver(NSDictionary *message) { [driver send:message]; }
