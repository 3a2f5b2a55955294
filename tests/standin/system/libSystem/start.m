// Runs first in every process of the stand-in: the shims are loaded, work on queues gets autorelease pools, and the
// process ends with the driver that started it.
#define _GNU_SOURCE
#import <Foundation/Foundation.h>
#include <dispatch/dispatch.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

// RTLD_LOCAL: they are found by name and path, and never come before the process's own allocator. Apps link the runtime's.
static void load_shim(const char *name) {
  Dl_info here;
  char path[4096];
  dladdr((void *)load_shim, &here);
  const char *end = strrchr(here.dli_fname, '/');
  snprintf(path, sizeof path, "%.*s/%s", (int)(end - here.dli_fname), here.dli_fname, name);
  if (dlopen(path, RTLD_NOW | RTLD_LOCAL) == NULL) fprintf(stderr, "libSystem: %s\n", dlerror());
}

static void *begin_pool(void) { return [NSAutoreleasePool new]; }
static void end_pool(void *pool) { [(NSAutoreleasePool *)pool release]; }

static void end_with_driver(void) {
  const char *driver = getenv("STANDIN_DRIVER");
  if (driver == NULL) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != atoi(driver)) _exit(1);  // it died before the line above
}

// +load and not a constructor: in one of those a file's own selectors are not registered yet.
@interface LSProcessStart : NSObject
@end

@implementation LSProcessStart

+ (void)load {
  end_with_driver();
  load_shim("libsystem_malloc.dylib");
  load_shim("libobjc.A.dylib");
  _dispatch_begin_NSAutoReleasePool = begin_pool;
  _dispatch_end_NSAutoReleasePool = end_pool;
}

@end
