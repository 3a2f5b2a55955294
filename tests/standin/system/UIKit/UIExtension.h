// Extensions: processes without a UIApplication. Source: 16.5 SDK.
#import <Foundation/Foundation.h>

extern NSString *const NSExtensionHostWillEnterForegroundNotification;
extern NSString *const NSExtensionHostDidBecomeActiveNotification;
extern NSString *const NSExtensionHostWillResignActiveNotification;
extern NSString *const NSExtensionHostDidEnterBackgroundNotification;

@protocol UIExtensionRequestHandling <NSObject>
- (void)beginRequestWithExtensionContext:(id)context;
@end

// Does not return. The principal class is the one that the bundle names.
int NSExtensionMain(int argc, char *argv[]);
