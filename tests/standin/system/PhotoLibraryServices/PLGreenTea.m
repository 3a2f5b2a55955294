#define _GNU_SOURCE
#import "PLGreenTea.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// STANDIN_REGULATORY: the folder of the logger, on a phone of that market.
__attribute__((constructor)) static void load(void) {
  const char *folder = getenv("STANDIN_REGULATORY");
  char path[4096];
  if (folder == NULL) return;
  snprintf(path, sizeof path, "%s/libCTGreenTeaLogger.dylib", folder);
  if (dlopen(path, RTLD_NOW | RTLD_GLOBAL) == NULL) fprintf(stderr, "PLGreenTea: %s\n", dlerror());
}

void pl_green_tea(const char *what) {
  char name[64];
  snprintf(name, sizeof name, "plslogGreenTea%s%s", what, *what == 0 ? "" : "PhotosOrVideos");
  void (*log)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, name);
  if (log != NULL) log();
}
