#import "Calls.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>
#import <Photos/PHQuery.h>
#import <Photos/Photos.h>
#import <UIKit/UIKit.h>
#include <dispatch/dispatch.h>
#include <objc/runtime.h>

static PHFetchResult *assets;
static PHAsset *asset;
static PHQuery *query;
static dispatch_queue_t queue;

static void call_status(void) { [PHPhotoLibrary authorizationStatus]; }
static void call_count(void) { [assets count]; }
static void call_object(void) { [assets objectAtIndex:0]; }
static void call_location(void) { [asset location]; }
static void call_fetch(void) { [PHAsset fetchAssetsWithLocalIdentifiers:@[] options:nil]; }
static void call_query(void) { [query executeQuery]; }
static void call_access(void) { [[PLPrivacy sharedInstance] logPhotosAccessWithSelfAuditToken]; }
static void call_dispatch(void) { dispatch_async(queue, ^{}); }

@interface EmptyObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation EmptyObserver

// Nothing is in it, as a compiler makes it without optimising: one that is only a return is too short to hook.
- (void)photoLibraryDidChange:(PHChange *)change {
  __asm__ volatile("nop; nop; nop; nop; nop");
}

- (void)unrelated {
}

@end

// Acts because of what it is called for: reads at once, and hands on what reads again.
@interface ReadingObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation ReadingObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  [PHPhotoLibrary authorizationStatus];
  dispatch_async(queue, ^{ [PHPhotoLibrary authorizationStatus]; });
}

@end

static EmptyObserver *observer;
static ReadingObserver *reading_observer;

static void call_callback(void) { [observer photoLibraryDidChange:nil]; }

// What a library does that replaces a method, one that nothing here watches.
static void call_swizzle(void) {
  static Method method;
  if (method == NULL) method = class_getInstanceMethod([EmptyObserver class], @selector(unrelated));
  method_setImplementation(method, method_getImplementation(method));
}

// The cheapest of the hooked functions: what the runtime does for it is next to nothing.
static void call_set_class(void) {
  static id object;
  if (object == nil) object = [NSObject new];
  object_setClass(object, [NSObject class]);
}

static void call_sync(void) { dispatch_sync(queue, ^{}); }

static void call_begin(void) { ui_touch_phase(UITouchPhaseBegan, 1); }
static void call_move(void) { ui_touch_phase(UITouchPhaseMoved, 1); }
static void call_post(void) { [[NSNotificationCenter defaultCenter] postNotificationName:@"bench" object:nil]; }

static void call_image(void) {
  PHImageRequestOptions *options = [[PHImageRequestOptions new] autorelease];
  [options setSynchronous:true];
  [[PHImageManager defaultManager] requestImageForAsset:asset
                                             targetSize:CGSizeMake(100, 100)
                                            contentMode:PHImageContentModeAspectFill
                                                options:options
                                          resultHandler:^(UIImage *image, NSDictionary *info){}];
}

static void call_data(void) {
  PHImageRequestOptions *options = [[PHImageRequestOptions new] autorelease];
  [options setSynchronous:true];
  [[PHImageManager defaultManager]
      requestImageDataAndOrientationForAsset:asset
                                     options:options
                               resultHandler:^(NSData *data, NSString *type, uint32_t orientation,
                                               NSDictionary *info){}];
}

// Its handler has captured something, and runs on a queue's thread.
static void request_later(void) {
  id captured = asset;
  [[PHImageManager defaultManager] requestImageForAsset:asset
                                             targetSize:CGSizeMake(100, 100)
                                            contentMode:PHImageContentModeAspectFill
                                                options:nil
                                          resultHandler:^(UIImage *image, NSDictionary *info) { [captured hash]; }];
}

// What many threads of an app do at the same time: each thing that is hooked where it may be called often.
static void call_mixed(void) {
  static _Thread_local unsigned calls;
  dispatch_async(queue, ^{});
  [PHPhotoLibrary authorizationStatus];
  [query executeQuery];
  dispatch_async(dispatch_get_global_queue(0, 0), ^{ [PHPhotoLibrary authorizationStatus]; });
  dispatch_sync(queue, ^{});
  call_image();
  call_data();
  call_callback();
  [reading_observer photoLibraryDidChange:nil];
  if (++calls % 16 == 0) request_later();
}

static const struct {
  const char *name;
  bench_call call;
} CALLS[] = {
    {"status", call_status}, {"count", call_count},       {"object", call_object}, {"location", call_location},
    {"fetch", call_fetch},   {"query", call_query},       {"access", call_access}, {"image", call_image},
    {"data", call_data},     {"dispatch", call_dispatch}, {"sync", call_sync},     {"mixed", call_mixed},
    {"begin", call_begin},   {"move", call_move},         {"post", call_post},     {"swizzle", call_swizzle},
    {"set-class", call_set_class}, {"callback", call_callback},
};

static void prepare(void) {
  assets = [[PHAsset fetchAssetsWithMediaType:PHAssetMediaTypeImage options:nil] retain];
  asset = [[assets objectAtIndex:0] retain];
  query = [[PHQuery queryForAssetsWithLocalIdentifiers:@[] options:nil] retain];
  observer = [EmptyObserver new];
  reading_observer = [ReadingObserver new];
  [[PHPhotoLibrary sharedPhotoLibrary] registerChangeObserver:observer];
  [[PHPhotoLibrary sharedPhotoLibrary] registerChangeObserver:reading_observer];
  queue = dispatch_queue_create("org.lightleak.bench", DISPATCH_QUEUE_SERIAL);
}

bench_call bench_call_named(NSString *name) {
  if (assets == nil) prepare();
  for (size_t i = 0; i < sizeof CALLS / sizeof *CALLS; i++)
    if ([name isEqualToString:[NSString stringWithUTF8String:CALLS[i].name]]) return CALLS[i].call;
  return NULL;
}
