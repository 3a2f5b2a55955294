// Blocks and __block variables as the compiler lays them out. Source: clang, "Block Implementation Specification".
#pragma once
#include <stdint.h>

enum {
  COUNT_MASK = 0xffff,
  NEEDS_FREE = 1 << 24,
  HAS_COPY_DISPOSE = 1 << 25,
  IS_GLOBAL = 1 << 28,
};

enum {
  FIELD_IS_OBJECT = 3,
  FIELD_IS_BLOCK = 7,
  FIELD_IS_BYREF = 8,
  BYREF_CALLER = 128,
};

struct block_descriptor {
  unsigned long reserved, size;
  void (*copy)(void *to, const void *from);  // these two only with HAS_COPY_DISPOSE
  void (*dispose)(const void *block);
};

struct block {
  void *isa;
  volatile int32_t flags;
  int32_t reserved;
  void (*invoke)(void *self, ...);
  struct block_descriptor *descriptor;
};

struct byref {
  void *isa;
  struct byref *forwarding;
  volatile int32_t flags;
  int32_t size;
  void (*keep)(struct byref *to, struct byref *from);  // these two only with HAS_COPY_DISPOSE
  void (*destroy)(struct byref *byref);
};
