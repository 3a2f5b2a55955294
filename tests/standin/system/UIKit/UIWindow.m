#import "UIWindow.h"
#import "UIApplication.h"

@interface UITapGestureRecognizer (System)
- (void)recognize;
@end

@implementation UITapGestureRecognizer

- (instancetype)initWithTarget:(id)target action:(SEL)action {
  if ((self = [super init]) == nil) return nil;
  _target = target;
  _action = action;
  return self;
}

- (void)recognize {
  [_target performSelector:_action withObject:self];
}

@end

@implementation UIWindow

+ (UIWindow *)keyWindow {
  static UIWindow *window;
  if (window == nil) window = [UIWindow new];
  return window;
}

- (void)addGestureRecognizer:(UITapGestureRecognizer *)recognizer {
  if (_recognizers == nil) _recognizers = [NSMutableArray new];
  [_recognizers addObject:recognizer];
}

- (void)sendEvent:(UIEvent *)event {
  if ([event type] == UIEventTypeTouches && [[[event allTouches] anyObject] phase] == UITouchPhaseEnded)
    for (UITapGestureRecognizer *recognizer in _recognizers) [recognizer recognize];
  if ([event type] != UIEventTypePresses) return;
  NSSet *presses = [(UIPressesEvent *)event allPresses];
  id delegate = [[UIApplication sharedApplication] delegate];
  if ([[presses anyObject] phase] == UITouchPhaseBegan && [delegate respondsToSelector:@selector(pressesBegan:withEvent:)])
    [(id<UIPressHandling>)delegate pressesBegan:presses withEvent:(UIPressesEvent *)event];
}

@end
