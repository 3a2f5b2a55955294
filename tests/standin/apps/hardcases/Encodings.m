// What the runtime says of the frameworks: class, selector and type encoding of every method.
#define _GNU_SOURCE
#import "Case.h"
#include <dlfcn.h>
#include <objc/runtime.h>
#include <stdlib.h>
#include <string.h>

static BOOL of_the_system(Class class) {
  Dl_info image;
  return dladdr(class, &image) != 0 && image.dli_fname != NULL && strstr(image.dli_fname, "/System/Library/") != NULL;
}

static void add_methods(Class class, char sign, NSMutableDictionary *found) {
  unsigned count = 0;
  Method *methods = class_copyMethodList(class, &count);
  for (unsigned i = 0; i < count; i++) {
    NSString *name =
        [NSString stringWithFormat:@"%c[%s %s]", sign, class_getName(class), sel_getName(method_getName(methods[i]))];
    [found setObject:[NSString stringWithUTF8String:method_getTypeEncoding(methods[i])] forKey:name];
  }
  free(methods);
}

static NSDictionary *encodings(NSDictionary *order) {
  NSMutableDictionary *found = [NSMutableDictionary dictionary];
  int count = objc_getClassList(NULL, 0);
  Class *classes = calloc(count, sizeof *classes);
  objc_getClassList(classes, count);
  for (int i = 0; i < count; i++) {
    if (!of_the_system(classes[i])) continue;
    add_methods(classes[i], '-', found);
    add_methods(((struct { Class isa; } *)classes[i])->isa, '+', found);
  }
  free(classes);
  return @{@"methods" : found};
}

const struct named_case ENCODING_CASES[] = {{"encodings", encodings}, {NULL, NULL}};
