// Touches and key presses, as UIKit gives them to an app. Source: UIEvent.h, UITouch.h, UIPress.h.
#import <Foundation/Foundation.h>

typedef NS_ENUM(NSInteger, UIEventType) {
  UIEventTypeTouches,
  UIEventTypeMotion,
  UIEventTypeRemoteControl,
  UIEventTypePresses,
  UIEventTypeScroll = 10,
  UIEventTypeHover = 11,
  UIEventTypeTransform = 14,
};

// A press has the same phases; what is moved for a touch is changed for a press.
typedef NS_ENUM(NSInteger, UITouchPhase) {
  UITouchPhaseBegan,
  UITouchPhaseMoved,
  UITouchPhaseStationary,
  UITouchPhaseEnded,
  UITouchPhaseCancelled,
};

@interface UITouch : NSObject {
  UITouchPhase _phase;
}
- (UITouchPhase)phase;
@end

@interface UIPress : NSObject {
  UITouchPhase _phase;
}
- (UITouchPhase)phase;
@end

@interface UIEvent : NSObject {
  UIEventType _type;
  NSMutableSet *_contacts;
}
- (UIEventType)type;
- (NSSet *)allTouches;
@end

@interface UIPressesEvent : UIEvent
- (NSSet *)allPresses;
@end

// What a person does with the app: touch (moves, fingers, cancelled), key, or shake. Everything is sent on this thread.
void ui_input(NSDictionary *order);
// The steps of a touch, for whoever scrolls: each sends one event.
void ui_touch_phase(UITouchPhase phase, NSInteger fingers);
