// The sheet in which a person changes what a limited app may see. The stand-in's person changes nothing.
#import <Photos/PHPhotoLibrary.h>
#import <UIKit/UIViewController.h>
#include <dispatch/dispatch.h>

@interface PHPhotoLibrary (LimitedPicker)
- (void)presentLimitedLibraryPickerFromViewController:(UIViewController *)controller;
- (void)presentLimitedLibraryPickerFromViewController:(UIViewController *)controller
                                    completionHandler:(void (^)(NSArray *identifiers))handler;
@end

@implementation PHPhotoLibrary (LimitedPicker)

- (void)presentLimitedLibraryPickerFromViewController:(UIViewController *)controller {
  [self presentLimitedLibraryPickerFromViewController:controller completionHandler:^(NSArray *identifiers){}];
}

- (void)presentLimitedLibraryPickerFromViewController:(UIViewController *)controller
                                    completionHandler:(void (^)(NSArray *))handler {
  dispatch_async(dispatch_get_main_queue(), ^{ handler(@[]); });
}

@end
