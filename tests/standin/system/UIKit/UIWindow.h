// Where touches arrive: gesture recognisers of the window, whose actions run inside -sendEvent:.
#import "UIEvent.h"

@interface UITapGestureRecognizer : NSObject {
  id _target;
  SEL _action;
}
- (instancetype)initWithTarget:(id)target action:(SEL)action;
@end

// What a responder is called with for a key.
@protocol UIPressHandling
- (void)pressesBegan:(NSSet *)presses withEvent:(UIPressesEvent *)event;
@end

@interface UIWindow : NSObject {
  NSMutableArray *_recognizers;
}
// The only window.
+ (UIWindow *)keyWindow;
- (void)addGestureRecognizer:(UITapGestureRecognizer *)recognizer;
- (void)sendEvent:(UIEvent *)event;
@end
