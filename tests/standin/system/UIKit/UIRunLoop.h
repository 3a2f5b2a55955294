// The main run loop: NSRunLoop, with the main dispatch queue as one of its sources.
#import <Foundation/Foundation.h>

void ui_run_main_loop(void) __attribute__((noreturn));
