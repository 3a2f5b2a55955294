#import "UIViewController.h"

@implementation UIViewController

- (void)dealloc {
  [_presentedViewController release];
  [super dealloc];
}

- (void)presentViewController:(UIViewController *)controller
                     animated:(bool)animated
                   completion:(void (^)(void))completion {
  [_presentedViewController autorelease];
  _presentedViewController = [controller retain];
  [controller viewDidAppear:animated];
  if (completion != nil) completion();
}

- (void)dismissViewControllerAnimated:(bool)animated completion:(void (^)(void))completion {
  [_presentedViewController autorelease];
  _presentedViewController = nil;
  if (completion != nil) completion();
}

- (UIViewController *)presentedViewController {
  return _presentedViewController;
}

- (void)viewDidAppear:(bool)animated {
}

@end
