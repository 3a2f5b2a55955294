#import <Foundation/Foundation.h>
@class WireConnection;

// One presentation of the picker: an app asks, a person chooses, the app gets what was chosen.
@interface PUPickerCoordinator : NSObject {
  NSCondition *_changed;
  WireConnection *_app;
  WireConnection *_library;
}

- (void)presentFor:(WireConnection *)app;
// Waits until an app has asked. Answers when the app has been told.
- (void)choose:(NSInteger)count;

@end
