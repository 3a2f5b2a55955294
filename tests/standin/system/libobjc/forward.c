// Apple's runtime functions that the GNU runtime has under the same name: each export jumps to it.
// The GNU runtime is found by name, so that this library can be linked and cross-compiled without it.
#define _GNU_SOURCE
#include "forward.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#define SAME_NAME(X)                                                                                                 \
  X(objc_getClassList)                                                                                               \
  X(objc_getClass) X(objc_lookUpClass) X(objc_allocateClassPair) X(objc_disposeClassPair) X(objc_registerClassPair)  \
      X(objc_getProtocol) X(objc_copyProtocolList) X(class_isMetaClass) X(class_getName) X(class_getSuperclass)      \
          X(class_getInstanceSize) X(class_getInstanceMethod) X(class_getClassMethod) X(class_getInstanceVariable)   \
              X(class_getMethodImplementation) X(class_respondsToSelector) X(class_conformsToProtocol)               \
                  X(class_copyMethodList) X(class_copyIvarList) X(class_copyProtocolList) X(class_copyPropertyList)  \
                      X(class_addMethod) X(class_addProtocol) X(class_replaceMethod) X(method_getName)               \
                          X(method_getTypeEncoding) X(method_getImplementation) X(method_setImplementation)          \
                              X(method_exchangeImplementations) X(method_getNumberOfArguments) X(ivar_getName)       \
                                  X(ivar_getTypeEncoding) X(ivar_getOffset) X(object_getClassName) X(object_getIvar) \
                                      X(object_setClass) X(protocol_getName) X(protocol_conformsToProtocol)          \
                                          X(protocol_copyMethodDescriptionList) X(protocol_copyPropertyList)         \
                                              X(protocol_copyProtocolList) X(property_getName)                       \
                                                  X(property_getAttributes) X(sel_getName) X(sel_registerName)       \
                                                      X(sel_isEqual)

#define POINTER(name) HIDDEN void *gnu_##name;
SAME_NAME(POINTER)
HIDDEN void *gnu_objc_msg_lookup, *gnu_objc_msg_lookup_super;

// Not a jump at once: hooks would follow it into the GNU runtime. A function of Apple's has this much code of its own.
#if defined(__x86_64__)
#define JUMP(name) "  nopl 0x100(%rax,%rax,1)\n  nopl 0x100(%rax,%rax,1)\n  jmp *gnu_" #name "(%rip)\n"
#elif defined(__aarch64__)
#define JUMP(name) "  nop\n  nop\n  nop\n  nop\n  adrp x16, gnu_" #name "\n  ldr x16, [x16, #:lo12:gnu_" #name "]\n  br x16\n"
#endif
#define EXPORT(name)                                                                \
  __asm__(".text\n.p2align 4\n.globl " #name "\n.type " #name ", %function\n" #name \
          ":\n" JUMP(name) ".size " #name ", . - " #name "\n");
SAME_NAME(EXPORT)

// Programs that link this library have it before the GNU runtime, which is then next in the order of search. For the
// others it is loaded by path, and outside of that order.
static void *gnu_function(const char *name) {
  static void *runtime;
  void *found = dlsym(RTLD_NEXT, name);
  if (found == NULL && runtime == NULL && (runtime = dlopen("libobjc.so.4", RTLD_NOW)) == NULL) {
    fprintf(stderr, "libobjc.A.dylib: %s\n", dlerror());
    abort();
  }
  if (found == NULL) found = dlsym(runtime, name);
  if (found == NULL) {
    fprintf(stderr, "libobjc.A.dylib: the GNU runtime has no %s\n", name);
    abort();
  }
  return found;
}

__attribute__((constructor)) static void find_gnu_runtime(void) {
#define FIND(name) gnu_##name = gnu_function(#name);
  SAME_NAME(FIND)
  FIND(objc_msg_lookup)
  FIND(objc_msg_lookup_super)
}
