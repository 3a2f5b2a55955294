// The other end of the app: the driver of the scenario, which plays SpringBoard and the person.
#import <Foundation/Foundation.h>

// Tells the driver that the process is there, and returns when it may go on. Without a driver, at once.
void ui_report_for_duty(NSString *role);
// Calls the handler on the main thread for every order: foreground, background, and the app's own. What it returns is
// sent back; null is nothing to say.
void ui_on_order(NSDictionary * (^handler)(NSDictionary *order));
// Sends something of the app's own to the driver.
void ui_tell_driver(NSDictionary *message);
