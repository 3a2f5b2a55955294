// dispatch_block_create: the app's block inside one of the library's own.
#define _GNU_SOURCE
#include "internal.h"
#include <dlfcn.h>
#include <stdlib.h>

enum { NEEDS_FREE = 1 << 24, HAS_COPY_DISPOSE = 1 << 25 };

struct wrapper {
  void *isa;
  int flags, reserved;
  void (*invoke)(void *self);
  const void *descriptor;
  void *inner;
};

static void run_inner(void *self) { block_call(((struct wrapper *)self)->inner); }

static void keep_inner(void *to, const void *from) {
  ((struct wrapper *)to)->inner = block_copy(((const struct wrapper *)from)->inner);
}

static void drop_inner(const void *self) {
  void (*release)(const void *) = (void (*)(const void *))dlsym(RTLD_DEFAULT, "_Block_release");
  release(((const struct wrapper *)self)->inner);
}

static const struct {
  unsigned long reserved, size;
  void (*copy)(void *, const void *);
  void (*dispose)(const void *);
} DESCRIPTOR = {0, sizeof(struct wrapper), keep_inner, drop_inner};

void *dispatch_block_create(unsigned long flags, void *block) {
  struct wrapper *wrapper = malloc(sizeof *wrapper);
  *wrapper = (struct wrapper){dlsym(RTLD_DEFAULT, "_NSConcreteMallocBlock"), NEEDS_FREE | HAS_COPY_DISPOSE | 1, 0,
                              run_inner, &DESCRIPTOR, block_copy(block)};
  return wrapper;
}

void *dispatch_block_create_with_qos_class(unsigned long flags, unsigned quality, int priority, void *block) {
  return dispatch_block_create(flags, block);
}
