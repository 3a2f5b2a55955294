// What Apple's runtime has as functions and GNU's has inline, under other names, or not at all.
#define _GNU_SOURCE
#include "forward.h"
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *object_getClass(void *object) { return object == NULL ? NULL : *(void **)object; }

bool object_isClass(void *object) {
  char (*is_meta_class)(void *) = (char (*)(void *))gnu_class_isMetaClass;
  return object != NULL && is_meta_class(object_getClass(object));
}

// The loader's name for an image may be relative or have dots in it: callers compare it with real paths.
static const char *real_name(const char *name) {
  static struct known {
    const char *name;
    char *real;
    struct known *next;
  } * all;
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&lock);
  struct known *known = all;
  while (known != NULL && known->name != name) known = known->next;
  if (known == NULL) {
    known = malloc(sizeof *known);
    char *real = realpath(name, NULL);
    *known = (struct known){name, real != NULL ? real : realpath("/proc/self/exe", NULL), all};
    all = known;
  }
  pthread_mutex_unlock(&lock);
  return known->real;
}

// A class made at run time lies in the heap and has no image: null, as on iOS.
const char *class_getImageName(void *class) {
  Dl_info image;
  if (dladdr(class, &image) == 0 || image.dli_fname == NULL) return NULL;
  return real_name(image.dli_fname);
}

int objc_getClassList(void **classes, int count);

struct extent {
  const char *image;
  uintptr_t from, to;
};

static const char *file_of(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

// The program itself has an empty name.
static int find_extent(struct dl_phdr_info *info, size_t size, void *found) {
  struct extent *extent = found;
  if (*info->dlpi_name != '\0' && strcmp(file_of(info->dlpi_name), file_of(extent->image)) != 0) return 0;
  const char *real = real_name(info->dlpi_name);
  if (real == NULL || strcmp(real, extent->image) != 0) return 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    uintptr_t from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, to = from + info->dlpi_phdr[i].p_memsz;
    if (info->dlpi_phdr[i].p_type != PT_LOAD) continue;
    if (extent->to == 0 || from < extent->from) extent->from = from;
    if (to > extent->to) extent->to = to;
  }
  return 1;
}

// The names of the classes that an image defines; the caller frees the list. Apple's runtime has such a list for each image, so
// this must not ask the loader about every class.
const char **objc_copyClassNamesForImage(const char *image, unsigned int *count) {
  const char *(*name_of)(void *) = (const char *(*)(void *))gnu_class_getName;
  int all = objc_getClassList(NULL, 0), found = 0;
  void **classes = calloc(all + 1, sizeof *classes);
  const char **names = calloc(all + 1, sizeof *names);
  struct extent extent = {image, 0, 0};
  dl_iterate_phdr(find_extent, &extent);
  all = extent.to == 0 ? 0 : objc_getClassList(classes, all);
  for (int i = 0; i < all; i++) {
    uintptr_t class = (uintptr_t)classes[i];
    if (class >= extent.from && class < extent.to) names[found++] = name_of(classes[i]);
  }
  free(classes);
  if (count != NULL) *count = found;
  return names;
}

// GNU's runtime cannot make protocols at run time; callers are told so by null.
void *objc_allocateProtocol(const char *name) { return NULL; }
void objc_registerProtocol(void *protocol) {}
void protocol_addProtocol(void *protocol, void *addition) {}
void protocol_addMethodDescription(void *protocol, void *selector, const char *types, bool required, bool instance) {}

void *property_copyAttributeList(void *property, unsigned int *count) {
  if (count != NULL) *count = 0;
  return NULL;
}
