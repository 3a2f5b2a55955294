// What the app does when a person touches it or presses a key: it reads, now or later.
#import "Case.h"
#include <dispatch/dispatch.h>

static NSString *reading;

static void read_when(NSString *way) {
  witness_note(@"touched", @{@"way" : way ?: @"nothing"});
  if ([way isEqualToString:@"now"])
    reader_fetch();
  else if ([way isEqualToString:@"async"])
    dispatch_async(dispatch_get_global_queue(QOS_CLASS_DEFAULT, 0), ^{ reader_fetch(); });
  else if ([way isEqualToString:@"later"])
    dispatch_after(dispatch_time(DISPATCH_TIME_NOW, 50 * NSEC_PER_MSEC), dispatch_get_main_queue(), ^{ reader_fetch(); });
}

@interface Touched : NSObject
@end

@implementation Touched

- (void)tapped:(UITapGestureRecognizer *)recognizer {
  read_when(reading);
}

@end

// way: now, async, later. What a tap does from now on.
static NSDictionary *touchable(NSDictionary *order) {
  if (reading == nil)
    [[UIWindow keyWindow] addGestureRecognizer:[[UITapGestureRecognizer alloc] initWithTarget:[Touched new]
                                                                                       action:@selector(tapped:)]];
  reading = [[order objectForKey:@"way"] copy];
  return nil;
}

void case_key(void) { read_when(reading); }

// phase: the number of a UITouchPhase; fingers. One event of a touch, so that a test can look in between.
static NSDictionary *touch_phase(NSDictionary *order) {
  ui_touch_phase([[order objectForKey:@"phase"] integerValue], MAX(1, [[order objectForKey:@"fingers"] integerValue]));
  return nil;
}

// An app's own class for the application reads before it hands an event on.
@interface ReadingApplication : UIApplication
@end

@implementation ReadingApplication

- (void)sendEvent:(UIEvent *)event {
  if ([event type] == UIEventTypeTouches && [[[event allTouches] anyObject] phase] == UITouchPhaseBegan) reader_fetch();
  [super sendEvent:event];
}

@end

const struct named_case INPUT_CASES[] = {{"touchable", touchable}, {"touch-phase", touch_phase}, {NULL, NULL}};
