// Classes and implementations that change while the app runs.
#import "Case.h"
#include <dlfcn.h>
#include <objc/runtime.h>

static void tell(id self, SEL command, PHChange *change) {
  witness_notification([NSString stringWithUTF8String:class_getName(object_getClass(self))]);
  witness_notification_ends();
}

// Not a callback, though the same code runs: nothing to count.
static void tell_nothing(id self, SEL command, id argument) {
  if (sel_isEqual(command, @selector(photoLibraryDidChange:))) tell(self, command, argument);
}

static id made_at_run_time(const char *name, SEL selector, IMP implementation) {
  Class class = objc_allocateClassPair([NSObject class], name, 0);
  class_addMethod(class, selector, implementation, "v24@0:8@16");
  objc_registerClassPair(class);
  return [[class new] autorelease];
}

// A library with an observer class in it is loaded now.
static NSDictionary *late(NSDictionary *order) {
  NSString *folder = [[NSBundle mainBundle] bundlePath];
  NSString *path = [folder stringByAppendingPathComponent:@"Frameworks/Late.dylib"];
  if (dlopen([path fileSystemRepresentation], RTLD_NOW) == NULL)
    return @{@"error" : [NSString stringWithUTF8String:dlerror()]};
  case_observe([[NSClassFromString(@"LateObserver") new] autorelease]);
  return nil;
}

static NSDictionary *runtime_class(NSDictionary *order) {
  case_observe(made_at_run_time("RuntimeObserver", @selector(photoLibraryDidChange:), (IMP)tell));
  return nil;
}

@interface ChangingObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation ChangingObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  witness_notification(@"ChangingObserver");
  witness_notification_ends();
}

- (void)anotherCallback:(PHChange *)change {
  witness_notification(@"ChangingObserver/exchanged");
  witness_notification_ends();
}

@end

static NSDictionary *changing(NSDictionary *order) {
  case_observe([[ChangingObserver new] autorelease]);
  return nil;
}

// The three below change it after it was registered, and hooked.
static NSDictionary *replace(NSDictionary *order) {
  method_setImplementation(class_getInstanceMethod([ChangingObserver class], @selector(photoLibraryDidChange:)),
                           (IMP)tell);
  return nil;
}

static NSDictionary *exchange(NSDictionary *order) {
  method_exchangeImplementations(class_getInstanceMethod([ChangingObserver class], @selector(photoLibraryDidChange:)),
                                 class_getInstanceMethod([ChangingObserver class], @selector(anotherCallback:)));
  return nil;
}

// A subclass that inherited the callback gets one of its own.
@interface GrowingObserver : ChangingObserver
@end

@implementation GrowingObserver
@end

static NSDictionary *growing(NSDictionary *order) {
  case_observe([[GrowingObserver new] autorelease]);
  return nil;
}

static NSDictionary *add(NSDictionary *order) {
  class_addMethod([GrowingObserver class], @selector(photoLibraryDidChange:), (IMP)tell, "v24@0:8@16");
  return nil;
}

// One implementation behind two selectors of one class, and behind the same selector of two classes.
static NSDictionary *shared(NSDictionary *order) {
  id one = made_at_run_time("SharingObserverA", @selector(photoLibraryDidChange:), (IMP)tell_nothing);
  class_addMethod(object_getClass(one), @selector(setSomethingElse:), (IMP)tell_nothing, "v24@0:8@16");
  id two = made_at_run_time("SharingObserverB", @selector(photoLibraryDidChange:), (IMP)tell_nothing);
  case_observe(one);
  case_observe(two);
  return nil;
}

// Calls the other selector of the shared implementation: no notification.
static NSDictionary *shared_other(NSDictionary *order) {
  id one = [[NSClassFromString(@"SharingObserverA") new] autorelease];
  for (int i = 0; i < 10; i++) [one performSelector:@selector(setSomethingElse:) withObject:nil];
  return nil;
}

// Calls the callback itself, as a test of an app would: an invocation that Photos did not make, but an invocation.
static NSDictionary *direct(NSDictionary *order) {
  id<PHPhotoLibraryChangeObserver> observer = [[ChangingObserver new] autorelease];
  [observer photoLibraryDidChange:nil];
  return nil;
}

const struct named_case RUNTIME_CASES[] = {
    {"late", late},
    {"runtime-class", runtime_class},
    {"changing", changing},
    {"replace", replace},
    {"exchange", exchange},
    {"growing", growing},
    {"add", add},
    {"shared", shared},
    {"shared-other", shared_other},
    {"direct", direct},
    {NULL, NULL},
};
