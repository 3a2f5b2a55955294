#import <Foundation/Foundation.h>

@interface UIViewController : NSObject {
  UIViewController *_presentedViewController;
}

- (void)presentViewController:(UIViewController *)controller
                     animated:(bool)animated
                   completion:(void (^)(void))completion;
- (void)dismissViewControllerAnimated:(bool)animated completion:(void (^)(void))completion;
- (UIViewController *)presentedViewController;
- (void)viewDidAppear:(bool)animated;

@end
