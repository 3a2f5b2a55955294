#import "UIEvent.h"
#import "UIApplication.h"
#import "UIWindow.h"

@interface UITouch (System)
- (void)enterPhase:(UITouchPhase)phase;
@end

@interface UIPress (System)
- (void)enterPhase:(UITouchPhase)phase;
@end

@interface UIEvent (System)
- (instancetype)initWithType:(UIEventType)type;
- (NSMutableSet *)contacts;
@end

@implementation UITouch

- (UITouchPhase)phase {
  return _phase;
}

- (void)enterPhase:(UITouchPhase)phase {
  _phase = phase;
}

@end

@implementation UIPress

- (UITouchPhase)phase {
  return _phase;
}

- (void)enterPhase:(UITouchPhase)phase {
  _phase = phase;
}

@end

@implementation UIEvent

- (instancetype)initWithType:(UIEventType)type {
  if ((self = [super init]) == nil) return nil;
  _type = type;
  _contacts = [NSMutableSet new];
  return self;
}

- (void)dealloc {
  [_contacts release];
  [super dealloc];
}

- (UIEventType)type {
  return _type;
}

- (NSSet *)allTouches {
  return _type == UIEventTypeTouches ? [[_contacts copy] autorelease] : nil;
}

- (NSMutableSet *)contacts {
  return _contacts;
}

@end

@implementation UIPressesEvent

- (NSSet *)allPresses {
  return [[_contacts copy] autorelease];
}

@end

// UIKit has one object for all touches, and one for all presses.
static UIEvent *touches_event(void) {
  static UIEvent *event;
  if (event == nil) event = [[UIEvent alloc] initWithType:UIEventTypeTouches];
  return event;
}

void ui_touch_phase(UITouchPhase phase, NSInteger fingers) {
  NSMutableSet *contacts = [touches_event() contacts];
  for (UITouch *touch in contacts) [touch enterPhase:phase];
  bool joins = [contacts count] > 0 && phase == UITouchPhaseMoved;
  while ((NSInteger)[contacts count] < fingers) {
    UITouch *touch = [[UITouch new] autorelease];
    [touch enterPhase:joins ? UITouchPhaseBegan : phase];
    [contacts addObject:touch];
  }
  [[UIApplication sharedApplication] sendEvent:touches_event()];
  if (phase == UITouchPhaseEnded || phase == UITouchPhaseCancelled) [contacts removeAllObjects];
}

static void touch(NSDictionary *order) {
  NSInteger fingers = MAX(1, [[order objectForKey:@"fingers"] integerValue]);
  NSInteger moves = [[order objectForKey:@"moves"] integerValue];
  ui_touch_phase(UITouchPhaseBegan, fingers);
  for (NSInteger i = 0; i < moves; i++) ui_touch_phase(UITouchPhaseMoved, fingers);
  bool cancelled = [[order objectForKey:@"cancelled"] boolValue];
  ui_touch_phase(cancelled ? UITouchPhaseCancelled : UITouchPhaseEnded, fingers);
}

static void key(void) {
  static UIPressesEvent *event;
  if (event == nil) event = [[UIPressesEvent alloc] initWithType:UIEventTypePresses];
  UIPress *press = [[UIPress new] autorelease];
  [[event contacts] addObject:press];
  for (NSNumber *phase in @[ @(UITouchPhaseBegan), @(UITouchPhaseEnded) ]) {
    [press enterPhase:[phase integerValue]];
    [[UIApplication sharedApplication] sendEvent:event];
  }
  [[event contacts] removeAllObjects];
}

void ui_input(NSDictionary *order) {
  NSString *what = [order objectForKey:@"do"];
  if ([what isEqualToString:@"touch"])
    touch(order);
  else if ([what isEqualToString:@"key"])
    key();
  else
    [[UIApplication sharedApplication] sendEvent:[[[UIEvent alloc] initWithType:UIEventTypeMotion] autorelease]];
}
