#import "Picker.h"
#import "Witness.h"
#import <PhotosUI/PhotosUI.h>
#import <UIKit/UIKit.h>

@interface PickerDelegate : NSObject <PHPickerViewControllerDelegate>
@end

@implementation PickerDelegate

- (void)picker:(PHPickerViewController *)picker didFinishPicking:(NSArray *)results {
  witness_note(@"picked", @{@"count" : @([results count])});
}

@end

BOOL picker_take_order(NSDictionary *order) {
  if (![[order objectForKey:@"do"] isEqualToString:@"pick"]) return NO;
  static PickerDelegate *delegate;
  if (delegate == nil) delegate = [PickerDelegate new];
  PHPickerConfiguration *configuration = [[PHPickerConfiguration new] autorelease];
  [configuration setSelectionLimit:0];
  PHPickerViewController *picker = [[[PHPickerViewController alloc] initWithConfiguration:configuration] autorelease];
  [picker setDelegate:delegate];
  witness_call(@"-[PHPickerViewController initWithConfiguration:]", @"picker");
  [[[[UIViewController alloc] init] autorelease] presentViewController:picker animated:YES completion:nil];
  return YES;
}
