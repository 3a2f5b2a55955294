// Callbacks that are replaced after they were registered, by every function of the runtime, and called at once.
#import "Case.h"
#include <dispatch/dispatch.h>
#include <objc/runtime.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#define CALLS 11
static SEL callback_selector(void) { return @selector(photoLibraryDidChange:); }

static void tell(id self) {
  witness_notification([NSString stringWithUTF8String:class_getName(object_getClass(self))]);
  witness_notification_ends();
}

static IMP original;
static void told(id self, SEL command, id change) { tell(self); }
static void told_later(id self, SEL command, id change) { tell(self); }
// Call what was there before, which writes the account.
static void calls_original(id self, SEL command, id change) { ((void (*)(id, SEL, id))original)(self, command, change); }
static void calls_original_later(id self, SEL command, id change) {
  dispatch_async(dispatch_get_global_queue(0, 0), ^{ ((void (*)(id, SEL, id))original)(self, command, change); });
}

@interface SwizzledParent : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation SwizzledParent

- (void)photoLibraryDidChange:(PHChange *)change {
  tell(self);
}

@end

@interface SwizzledObserver : SwizzledParent
@end

@implementation SwizzledObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  tell(self);
}

- (void)ll_photoLibraryDidChange:(PHChange *)change {
  tell(self);
}

- (void)ll_andOriginal:(PHChange *)change {
  [self ll_andOriginal:change];
}

@end

@interface SwizzledChild : SwizzledParent
@end

@implementation SwizzledChild
@end

// There before the observer is registered, and with a callback of its own.
@interface OtherClass : SwizzledParent
@end

@implementation OtherClass

- (void)photoLibraryDidChange:(PHChange *)change {
  tell(self);
}

@end

static Method method_of(Class class, SEL selector) { return class_getInstanceMethod(class, selector); }

static Class new_subclass(Class parent, NSString *name) {
  Class class = objc_allocateClassPair(parent, [name UTF8String], 0);
  class_addMethod(class, callback_selector(), (IMP)told, "v24@0:8@16");
  objc_registerClassPair(class);
  return class;
}

static id observer_for(NSString *way) {
  BOOL inherits = [way isEqualToString:@"class_addMethod"] || [way isEqualToString:@"parent"];
  return [[(inherits ? [SwizzledChild class] : [SwizzledObserver class]) new] autorelease];
}

static BOOL change(NSString *way, id observer) {
  Class class = object_getClass(observer);
  SEL callback = callback_selector();
  original = class_getMethodImplementation(class, callback);
  if ([way isEqualToString:@"class_replaceMethod"])
    class_replaceMethod(class, callback, (IMP)told, "v24@0:8@16");
  else if ([way isEqualToString:@"method_setImplementation"])
    method_setImplementation(method_of(class, callback), (IMP)told);
  else if ([way isEqualToString:@"method_exchangeImplementations"])
    method_exchangeImplementations(method_of(class, callback), method_of(class, @selector(ll_photoLibraryDidChange:)));
  else if ([way isEqualToString:@"exchange-the-other-way"])
    method_exchangeImplementations(method_of(class, @selector(ll_photoLibraryDidChange:)), method_of(class, callback));
  else if ([way isEqualToString:@"class_addMethod"])
    class_addMethod(class, callback, (IMP)told, "v24@0:8@16");
  else if ([way isEqualToString:@"parent"])
    class_replaceMethod([SwizzledParent class], callback, (IMP)told, "v24@0:8@16");
  else if ([way isEqualToString:@"exchange-and-call"])
    method_exchangeImplementations(method_of(class, callback), method_of(class, @selector(ll_andOriginal:)));
  else if ([way isEqualToString:@"set-and-call"])
    method_setImplementation(method_of(class, callback), (IMP)calls_original);
  else if ([way isEqualToString:@"set-and-call-later"])
    method_setImplementation(method_of(class, callback), (IMP)calls_original_later);
  else if ([way isEqualToString:@"twice"]) {
    method_setImplementation(method_of(class, callback), (IMP)told);
    method_setImplementation(method_of(class, callback), (IMP)told_later);
  } else if ([way isEqualToString:@"object_setClass"])
    object_setClass(observer, [OtherClass class]);
  else if ([way isEqualToString:@"new-subclass"])
    object_setClass(observer, new_subclass(class, @"SwizzledObserver_made"));
  else if ([way isEqualToString:@"new-subclass-changes"]) {
    Class made = new_subclass(class, @"SwizzledObserver_made");
    object_setClass(observer, made);
    method_setImplementation(method_of(made, callback), (IMP)told_later);
  } else if ([way isEqualToString:@"key-value-observing"])
    [observer addObserver:[[NSObject new] autorelease] forKeyPath:@"description" options:0 context:NULL];
  else
    return NO;
  return YES;
}

// way: how; the callback is called as often as the answer says, at once.
static NSDictionary *swizzle(NSDictionary *order) {
  NSString *way = [order objectForKey:@"way"];
  id observer = observer_for(way);
  case_observe(observer);
  if (!change(way, observer)) return @{@"error" : @"no such way"};
  for (int i = 0; i < CALLS; i++) [observer photoLibraryDidChange:(id)[NSString stringWithFormat:@"change %d", i]];
  return @{@"calls" : @(CALLS)};
}

// Implementations that differ, so that each has to be hooked when it comes.
#define ONE(n) \
  static void told_##n(id self, SEL command, id change) { tell(self); }
ONE(0) ONE(1) ONE(2) ONE(3) ONE(4) ONE(5) ONE(6) ONE(7)
static const IMP MANY[] = {(IMP)told_0, (IMP)told_1, (IMP)told_2, (IMP)told_3,
                           (IMP)told_4, (IMP)told_5, (IMP)told_6, (IMP)told_7};

static atomic_bool over;

static void *call_all_the_time(void *observer) {
  long *calls = calloc(1, sizeof *calls);
  NSAutoreleasePool *pool = [NSAutoreleasePool new];
  for (; !over; ++*calls, usleep(200))
    [(id)observer photoLibraryDidChange:(id)[NSString stringWithFormat:@"%ld of %p", *calls, (void *)pthread_self()]];
  [pool release];
  return calls;
}

// While four threads call the callback, another replaces it.
static NSDictionary *swizzle_under_load(NSDictionary *order) {
  id observer = observer_for(@"");
  case_observe(observer);
  pthread_t threads[4];
  long calls = 0;
  over = false;
  for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, call_all_the_time, observer);
  for (int i = 0; i < 8; i++) {
    [NSThread sleepForTimeInterval:0.02];
    class_replaceMethod(object_getClass(observer), callback_selector(), MANY[i], "v24@0:8@16");
  }
  [NSThread sleepForTimeInterval:0.02];
  over = true;
  for (int i = 0; i < 4; i++) {
    long *mine;
    pthread_join(threads[i], (void **)&mine);
    calls += *mine;
    free(mine);
  }
  return @{@"calls" : @(calls)};
}

const struct named_case SWIZZLE_CASES[] = {
    {"swizzle", swizzle},
    {"swizzle-under-load", swizzle_under_load},
    {NULL, NULL},
};
