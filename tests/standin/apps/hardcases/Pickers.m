// What a person has chosen in the picker, and how it is loaded; and providers that no picker has made.
#import "Case.h"
#import <PhotosUI/PhotosUI.h>
#import <UIKit/NSItemProvider.h>
#include <dispatch/dispatch.h>
#include <objc/runtime.h>
#include <string.h>

static NSMutableArray *kept, *kept_results;  // providers, and what they came in

@interface PickerKeeper : NSObject <PHPickerViewControllerDelegate>
@end

@implementation PickerKeeper

- (void)picker:(PHPickerViewController *)picker didFinishPicking:(NSArray *)results {
  [kept_results addObjectsFromArray:results];
  for (PHPickerResult *result in results) [kept addObject:[result itemProvider]];
  witness_note(@"picked", @{@"count" : @([results count])});
}

@end

// Gets the method after it was made the delegate.
@interface LatePicker : NSObject
@end

@implementation LatePicker
@end

// What an app may put among results: it is asked nothing.
@interface FalseResult : NSObject
@end

static int asked;

@implementation FalseResult

- (id)itemProvider {
  asked++;
  return nil;
}

- (NSString *)assetIdentifier {
  asked++;
  return @"false";
}

@end

@interface FalseArray : NSArray
@end

@implementation FalseArray

- (NSUInteger)count {
  asked++;
  return 1;
}

- (id)objectAtIndex:(NSUInteger)index {
  asked++;
  return [[FalseResult new] autorelease];
}

@end

// delegate: keeper, late or nil. library: the results name their assets.
static NSDictionary *picker(NSDictionary *order) {
  static PickerKeeper *keeper;
  static id late;
  if (kept == nil) {
    kept = [NSMutableArray new];
    kept_results = [NSMutableArray new];
  }
  if (keeper == nil) keeper = [PickerKeeper new];
  NSString *delegate = [order objectForKey:@"delegate"];
  PHPickerConfiguration *configuration = [PHPickerConfiguration alloc];
  configuration = [[order objectForKey:@"library"] boolValue]
                      ? [configuration initWithPhotoLibrary:[PHPhotoLibrary sharedPhotoLibrary]]
                      : [configuration init];
  [configuration setSelectionLimit:0];
  PHPickerViewController *shown = [[[PHPickerViewController alloc] initWithConfiguration:configuration] autorelease];
  [configuration release];
  if ([delegate isEqualToString:@"late"]) {
    if (late == nil) late = [LatePicker new];
    [shown setDelegate:late];
    Method method = class_getInstanceMethod([PickerKeeper class], @selector(picker:didFinishPicking:));
    class_addMethod([LatePicker class], method_getName(method), method_getImplementation(method),
                    method_getTypeEncoding(method));
  } else {
    [shown setDelegate:[delegate isEqualToString:@"nil"] ? nil : keeper];
  }
  witness_call(@"-[PHPickerViewController initWithConfiguration:]", @"picker");
  [[[[UIViewController alloc] init] autorelease] presentViewController:shown animated:YES completion:nil];
  return nil;
}

@interface OwnResult : PHPickerResult
@end

@implementation OwnResult

- (id)itemProvider {
  asked++;
  return nil;
}

@end

@interface IdleDelegate : NSObject <PHPickerViewControllerDelegate>
@end

@implementation IdleDelegate

- (void)picker:(PHPickerViewController *)picker didFinishPicking:(NSArray *)results {
}

@end

// The app calls a delegate itself, with what no picker would pass.
static NSDictionary *false_results(NSDictionary *order) {
  IdleDelegate *idle = [[IdleDelegate new] autorelease];
  [[[[PHPickerViewController alloc] initWithConfiguration:nil] autorelease] setDelegate:idle];
  NSArray *foreign = @[ [[FalseResult new] autorelease], [NSNull null], @"x", [[OwnResult new] autorelease], idle ];
  NSArray *all = @[ @"results", @[], [[FalseArray new] autorelease], @{@"a" : @"b"}, foreign ];
  asked = 0;
  for (id results in all) [idle picker:nil didFinishPicking:results];
  [idle picker:nil didFinishPicking:nil];
  return @{@"asked" : @(asked)};
}

static NSString *type_named(NSString *name) {
  if ([name isEqualToString:@"lines"]) return @"public.jpeg\nthe next line\u2028and \x1b[31mred";
  if ([name isEqualToString:@"long"]) return [@"" stringByPaddingToLength:10240 withString:@"😀." startingAtIndex:0];
  return @"public.jpeg";
}

static Class class_named(NSString *name) {
  return [name isEqualToString:@"live"] ? [PHLivePhoto class] : [name isEqualToString:@"none"] ? Nil : [UIImage class];
}

static int handled;

static void note_handled(long call, id object) {
  if (call != 0) witness_delivery(call, [object isKindOfClass:[NSData class]] ? [object length] : -1, NO);
  __atomic_add_fetch(&handled, 1, __ATOMIC_SEQ_CST);
}

// how: object, data, file, in-place, data-type, file-type, item, preview.
static NSProgress *load_one(id<PickedItemProvider> provider, NSString *how, NSDictionary *order, BOOL chosen) {
  NSString *type = type_named([order objectForKey:@"type"]);
  __block long call = 0;
  void (^over)(id, NSError *) = ^(id object, NSError *error) { note_handled(call, object); };
  void (^file_over)(NSURL *, bool, NSError *) = ^(NSURL *file, bool in_place, NSError *error) { note_handled(call, file); };
  struct way {
    NSString *name, *symbol;
  } ways[] = {{@"object", @"-[NSItemProvider loadObjectOfClass:completionHandler:]"},
              {@"data", @"-[NSItemProvider loadDataRepresentationForTypeIdentifier:completionHandler:]"},
              {@"file", @"-[NSItemProvider loadFileRepresentationForTypeIdentifier:completionHandler:]"},
              {@"in-place", @"-[NSItemProvider loadInPlaceFileRepresentationForTypeIdentifier:completionHandler:]"},
              {@"data-type", @"-[NSItemProvider loadDataRepresentationForContentType:completionHandler:]"},
              {@"file-type", @"-[NSItemProvider loadFileRepresentationForContentType:openInPlace:completionHandler:]"},
              {@"item", @"-[NSItemProvider loadItemForTypeIdentifier:options:completionHandler:]"},
              {@"preview", @"-[NSItemProvider loadPreviewImageWithOptions:completionHandler:]"}};
  int way = 0;
  while (![ways[way].name isEqualToString:how]) way++;
  if (chosen) call = witness_call(ways[way].symbol, @"picker");
  switch (way) {
    case 0:
      return [provider loadObjectOfClass:class_named([order objectForKey:@"class"]) completionHandler:case_handler(over)];
    case 1:
      return [provider loadDataRepresentationForTypeIdentifier:type completionHandler:case_handler(over)];
    case 2:
      return [provider loadFileRepresentationForTypeIdentifier:type completionHandler:case_handler(over)];
    case 3:
      return [provider loadInPlaceFileRepresentationForTypeIdentifier:type completionHandler:case_handler(file_over)];
    case 4:
      return [provider loadDataRepresentationForContentType:[UTType typeWithIdentifier:type]
                                          completionHandler:case_handler(over)];
    case 5:
      return [provider loadFileRepresentationForContentType:[UTType typeWithIdentifier:type]
                                                openInPlace:false
                                          completionHandler:case_handler(file_over)];
    case 6:
      [provider loadItemForTypeIdentifier:type
                                  options:nil
                        completionHandler:[order objectForKey:@"class"] == nil ? case_handler(over) : nil];
      return nil;
    default:
      [provider loadPreviewImageWithOptions:nil completionHandler:case_handler(over)];
      return nil;
  }
}

static id<PickedItemProvider> other_provider(void) {
  return item_provider_of_file([[NSBundle mainBundle] executablePath]);
}

// of: picked, copied or dragged. how: as above, or all. times, threads: of each. cancel: at once.
static NSDictionary *load_picked(NSDictionary *order) {
  NSString *of = [order objectForKey:@"of"], *how = [order objectForKey:@"how"];
  NSArray *all = @[ @"object", @"data", @"file", @"in-place", @"data-type", @"file-type", @"item", @"preview" ];
  int times = MAX(1, [[order objectForKey:@"times"] intValue]), threads = MAX(1, [[order objectForKey:@"threads"] intValue]);
  BOOL dragged = [of isEqualToString:@"dragged"];
  NSArray *providers = dragged ? @[ (id)other_provider() ] : [NSArray arrayWithArray:kept];
  handled = 0;
  for (id provider in providers) {
    id<PickedItemProvider> used = [of isEqualToString:@"copied"] ? [[provider copy] autorelease] : provider;
    dispatch_group_t group = dispatch_group_create();
    for (int thread = 0; thread < threads; thread++)
      dispatch_group_async(group, dispatch_get_global_queue(QOS_CLASS_DEFAULT, 0), ^{
        for (int n = 0; n < times; n++)
          for (NSString *one in [how isEqualToString:@"all"] ? all : @[ how ]) {
            NSProgress *progress = load_one(used, one, order, !dragged);
            if ([[order objectForKey:@"cancel"] boolValue]) [progress cancel];
          }
      });
    dispatch_group_wait(group, DISPATCH_TIME_FOREVER);
    dispatch_release(group);
  }
  return @{@"providers" : @([providers count])};
}

// The picked ones are freed; others, at whatever addresses they get, are loaded. Returns how many are at theirs.
static NSDictionary *reuse(NSDictionary *order) {
  enum { PICKED = 64, OTHERS = 4096 };
  static uintptr_t before[PICKED];
  static id others[OTHERS];
  NSUInteger count = MIN(PICKED, [kept count]), again = 0;
  Class class = NSClassFromString(@"NSItemProvider");
  for (NSUInteger i = 0; i < count; i++) before[i] = (uintptr_t)[kept objectAtIndex:i];
  NSAutoreleasePool *pool = [NSAutoreleasePool new];
  [kept_results removeAllObjects];
  [kept removeAllObjects];
  [pool release];
  for (int n = 0; n < OTHERS; n++) others[n] = [class new];
  for (int n = 0; n < OTHERS; n++)
    for (NSUInteger i = 0; i < count; i++) {
      if (before[i] != (uintptr_t)others[n]) continue;
      again++;
      load_one(others[n], @"data", order, NO);
    }
  return @{@"again" : @(again)};
}

// The results are asked for their providers again.
static NSDictionary *ask_again(NSDictionary *order) {
  [kept removeAllObjects];
  for (PHPickerResult *result in kept_results) [kept addObject:[result itemProvider]];
  return nil;
}

// How many references the kept providers have.
static NSDictionary *references(NSDictionary *order) {
  NSMutableArray *counts = [NSMutableArray array];
  for (id provider in kept) [counts addObject:@([provider retainCount])];
  return @{@"references" : counts, @"handled" : @(handled)};
}

// The delegate of the older picker, which the stand-in has not: it is known by being that of the newer one too.
@interface ImageKeeper : NSObject <PHPickerViewControllerDelegate>
@end

@implementation ImageKeeper

- (void)picker:(PHPickerViewController *)picker didFinishPicking:(NSArray *)results {
}

- (void)imagePickerController:(id)picker didFinishPickingMediaWithInfo:(NSDictionary *)info {
  witness_call(@"-[* imagePickerController:didFinishPickingMediaWithInfo:]", @"picker");
}

@end

@interface FalseInfo : NSDictionary
@end

@implementation FalseInfo

- (NSUInteger)count {
  asked++;
  return 1;
}

- (id)objectForKey:(id)key {
  asked++;
  return nil;
}

- (NSEnumerator *)keyEnumerator {
  asked++;
  return nil;
}

@end

// info: asset, or the app may not see the library; text, where an asset should be; false, a class of the app's own; nil.
static NSDictionary *image_picker(NSDictionary *order) {
  NSString *what = [order objectForKey:@"info"], *key = @"UIImagePickerControllerPHAsset";
  NSDictionary *info = @{@"UIImagePickerControllerMediaType" : @"public.image"};
  if ([what isEqualToString:@"asset"]) info = @{key : [[PHAsset fetchAssetsWithOptions:nil] lastObject]};
  if ([what isEqualToString:@"text"]) info = @{key : @"A/L0/001"};
  if ([what isEqualToString:@"false"]) info = [[FalseInfo new] autorelease];
  asked = 0;
  ImageKeeper *keeper = [[ImageKeeper new] autorelease];
  [[[[PHPickerViewController alloc] initWithConfiguration:nil] autorelease] setDelegate:keeper];
  [keeper imagePickerController:nil didFinishPickingMediaWithInfo:[what isEqualToString:@"nil"] ? nil : info];
  return @{@"asked" : @(asked)};
}

const struct named_case PICKER_CASES[] = {{"picker", picker},       {"false-results", false_results}, {"load", load_picked},
                                          {"reuse-picked", reuse}, {"picked", references},
                                          {"ask-again", ask_again}, {"image-picker", image_picker}, {NULL, NULL}};
