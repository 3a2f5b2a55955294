// Pushes that wake an app. Source: facts, photokit-and-ios.md C.
#import <Foundation/Foundation.h>
@class PKPushRegistry;

@interface PKPushPayload : NSObject
@end

@protocol PKPushRegistryDelegate <NSObject>
- (void)pushRegistry:(PKPushRegistry *)registry
    didReceiveIncomingPushWithPayload:(PKPushPayload *)payload
                              forType:(NSString *)type
                withCompletionHandler:(void (^)(void))completion;
@end

@interface PKPushRegistry : NSObject {
  id<PKPushRegistryDelegate> _delegate;
}

- (instancetype)initWithQueue:(id)queue;
- (void)setDelegate:(id<PKPushRegistryDelegate>)delegate;

@end
