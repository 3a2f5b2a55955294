// What no app should do and no framework should be: hooks must live with it.
#import "Case.h"
#include <objc/runtime.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// GNU's structures behind Method and Ivar.
struct gnu_method {
  SEL name;
  const char *types;
  IMP implementation;
};
struct gnu_ivar {
  const char *name, *types;
  int offset;
};

// what: encoding, selector, ivar, ivar-encoding; class, member, of_class. The framework is of a version that nobody has read about.
static NSDictionary *damage(NSDictionary *order) {
  Class class = NSClassFromString([order objectForKey:@"class"]);
  const char *name = [[order objectForKey:@"member"] UTF8String];
  struct gnu_ivar *ivar = (void *)class_getInstanceVariable(class, name);
  if ([[order objectForKey:@"what"] isEqualToString:@"ivar"]) {
    ivar->name = "_somethingElse";
    return nil;
  }
  if ([[order objectForKey:@"what"] isEqualToString:@"ivar-encoding"]) {
    ivar->types = "q";
    return nil;
  }
  bool of_class = [[order objectForKey:@"of_class"] boolValue];
  SEL selector = sel_registerName(name);
  struct gnu_method *method = (void *)(of_class ? class_getClassMethod(class, selector)
                                                : class_getInstanceMethod(class, selector));
  if ([[order objectForKey:@"what"] isEqualToString:@"encoding"])
    method->types = "v24@0:8q16";
  else
    method->name = sel_registerName("renamedInThisVersion:");
  return nil;
}

static void *unmapped(void) {
  void *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page;
}

// An object whose class is gone: its first word leads to no class.
static void *freed(void *where) {
  void **object = calloc(4, sizeof *object);
  object[0] = where;
  return object;
}

// kind: unmapped, number, freed (class unmapped), scribbled (class is text), string (of another class than expected).
static NSDictionary *bad_asset(NSDictionary *order) {
  NSString *kind = [order objectForKey:@"kind"];
  void *asset = NULL;
  if ([kind isEqualToString:@"unmapped"]) asset = unmapped();
  if ([kind isEqualToString:@"number"]) asset = (void *)0x11;
  if ([kind isEqualToString:@"freed"]) asset = freed(unmapped());
  if ([kind isEqualToString:@"scribbled"]) asset = freed(memset(malloc(256), 'x', 256));
  if ([kind isEqualToString:@"string"]) asset = @"not an asset";
  witness_call(@"+[PHAssetCollection fetchAssetCollectionsContainingAsset:withType:options:]", @"metadata");
  [PHAssetCollection fetchAssetCollectionsContainingAsset:(id)asset withType:1 options:nil];
  return nil;
}

// An array of the app's own, which counts how often it is asked.
@interface AskedArray : NSArray {
 @public
  long _asked;
}
@end

@implementation AskedArray

- (NSUInteger)count {
  _asked++;
  return 0;
}

- (id)objectAtIndex:(NSUInteger)index {
  return nil;
}

@end

static NSDictionary *own_array(NSDictionary *order) {
  AskedArray *array = [AskedArray new];
  witness_call(@"+[PHAsset fetchAssetsWithLocalIdentifiers:options:]", @"metadata");
  [PHAsset fetchAssetsWithLocalIdentifiers:array options:nil];
  return @{@"asked" : @(array->_asked)};
}

// Fetches when somebody keeps it: whoever copies a block that holds it, be that a hook.
@interface Clingy : NSObject
@end

@implementation Clingy

- (id)retain {
  reader_fetch();
  return [super retain];
}

@end

static NSDictionary *clingy(NSDictionary *order) {
  PHAsset *asset = case_asset(nil);
  Clingy *object = [Clingy new];
  long call = witness_call(@"-[PHImageManager requestImageDataAndOrientationForAsset:options:resultHandler:]", @"data");
  [[PHImageManager defaultManager]
      requestImageDataAndOrientationForAsset:asset
                                     options:nil
                               resultHandler:^(NSData *data, NSString *type, uint32_t orientation, NSDictionary *info) {
                                 [object self];
                                 witness_delivery(call, [data length], NO);
                               }];
  return nil;
}

const struct named_case BAD_CASES[] = {{"damage", damage},         {"bad-asset", bad_asset}, {"own-array", own_array},
                                       {"clingy", clingy},         {NULL, NULL}};
