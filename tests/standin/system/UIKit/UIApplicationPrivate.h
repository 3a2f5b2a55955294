// What SpringBoard tells an app. On the main thread.
#import "UIApplication.h"

@interface UIApplication (Private)

- (void)finishLaunchingInBackground:(BOOL)background options:(NSDictionary *)options;
- (void)enterForeground;
- (void)resignActive;
- (void)enterBackground;
- (void)terminate;

@end
