// Calls through the runtime shims alone, without GNUstep: every argument register, structures, super, queues.
// Built for the machine at hand, and for arm64 where a cross compiler for Objective-C is. Argument: the shims' folder.
#import <objc/objc.h>
#import <objc/runtime.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct big {
  double a, b, c, d, e;
  long f;
};

@interface Root {
  Class isa;
}
@end

@implementation Root

+ (id)initialize {
  return self;
}

- (struct big)structureOf:(long)x and:(double)y {
  struct big result = {y, y * 2, y * 3, y * 4, y * 5, x};
  return result;
}

- (double)sum:(long)a and:(long)b and:(long)c and:(long)d and:(long)e and:(long)f and:(double)p and:(double)q {
  return a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + p + q * 10;
}

- (int)who {
  return 1;
}

@end

@interface Sub : Root
@end

@implementation Sub

- (int)who {
  return 2;
}

@end

static void *function(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (found != NULL) return found;
  fprintf(stderr, "no %s\n", name);
  exit(1);
}

static void expect(int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "failed: %s\n", what);
  exit(1);
}

static void *load(const char *folder, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library != NULL) return library;
  fprintf(stderr, "%s\n", dlerror());
  exit(1);
}

static void check_runtime(void *runtime) {
#ifdef __x86_64__
  const char *structure = "objc_msgSend_stret";
#else
  const char *structure = "objc_msgSend";
#endif
  id object = class_createInstance(objc_getClass("Sub"), 0);
  struct big big = ((struct big(*)(id, SEL, long, double))function(runtime, structure))(
      object, sel_registerName("structureOf:and:"), 7, 1.5);
  expect(big.a == 1.5 && big.e == 7.5 && big.f == 7, "a structure is returned");
  double sum =
      ((double (*)(id, SEL, long, long, long, long, long, long, double, double))function(runtime, "objc_msgSend"))(
          object, sel_registerName("sum:and:and:and:and:and:and:and:"), 1, 2, 3, 4, 5, 6, .5, .25);
  expect(sum == 94, "arguments arrive in registers and on the stack");
  int who = ((int (*)(id, SEL))function(runtime, "objc_msgSend"))(object, sel_registerName("who"));
  struct {
    id receiver;
    Class super_class;
  } super = {object, objc_getClass("Root")};
  int who_super = ((int (*)(void *, SEL))function(runtime, "objc_msgSendSuper"))(&super, sel_registerName("who"));
  expect(who == 2 && who_super == 1, "super is the superclass");
  unsigned char (*is_class)(void *) = (unsigned char (*)(void *))function(runtime, "object_isClass");
  expect(!is_class(object) && is_class(objc_getClass("Root")), "classes are told from objects");
  const char *(*image)(Class) = (const char *(*)(Class))function(runtime, "class_getImageName");
  expect(image(objc_getClass("Root")) != NULL && image(objc_getClass("Root"))[0] == '/', "a class has an image");
}

static int done;
static void count(void *context) { done++; }

static void check_dispatch(void *dispatch) {
  void *(*create)(const char *, void *) = (void *(*)(const char *, void *))function(dispatch, "dispatch_queue_create");
  const char *(*label)(void *) = (const char *(*)(void *))function(dispatch, "dispatch_queue_get_label");
  void (*async)(void *, void *, void (*)(void *)) =
      (void (*)(void *, void *, void (*)(void *)))function(dispatch, "dispatch_async_f");
  void (*sync)(void *, void *, void (*)(void *)) =
      (void (*)(void *, void *, void (*)(void *)))function(dispatch, "dispatch_sync_f");
  void *queue = create("check", NULL);
  expect(strcmp(label(queue), "check") == 0, "a queue has its label");
  for (int i = 0; i < 10000; i++) (i % 3 ? async : sync)(queue, NULL, count);
  sync(queue, NULL, count);
  expect(done == 10001, "a serial queue does everything, once, before a later sync returns");
}

int main(int argc, char *argv[]) {
  check_runtime(load(argv[1], "libobjc.A.dylib"));
  check_dispatch(load(argv[1], "libdispatch.dylib"));
  load(argv[1], "libsystem_malloc.dylib");
  return 0;
}
