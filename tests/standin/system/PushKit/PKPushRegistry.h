// Pushes that wake an app. Source: 16.5 SDK.
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
