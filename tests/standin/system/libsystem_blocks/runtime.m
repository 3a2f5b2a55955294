// Copies and counts of blocks. Debian's libBlocksRuntime does not retain the objects that a block captures; this does.
#import <Foundation/Foundation.h>
#import "Block.h"
#include "layout.h"
#include <stdlib.h>
#include <string.h>

extern void *_NSConcreteMallocBlock[];

void *_Block_copy(const void *argument) {
  struct block *block = (struct block *)argument;
  if (block == NULL || block->flags & IS_GLOBAL) return block;
  if (block->flags & NEEDS_FREE) {
    __atomic_add_fetch(&block->flags, 1, __ATOMIC_SEQ_CST);
    return block;
  }
  struct block *copy = malloc(block->descriptor->size);
  memcpy(copy, block, block->descriptor->size);
  copy->isa = _NSConcreteMallocBlock;
  copy->flags = (block->flags & ~COUNT_MASK) | NEEDS_FREE | 1;
  if (copy->flags & HAS_COPY_DISPOSE) copy->descriptor->copy(copy, block);
  return copy;
}

void _Block_release(const void *argument) {
  struct block *block = (struct block *)argument;
  if (block == NULL || !(block->flags & NEEDS_FREE)) return;
  if (__atomic_sub_fetch(&block->flags, 1, __ATOMIC_SEQ_CST) & COUNT_MASK) return;
  if (block->flags & HAS_COPY_DISPOSE) block->descriptor->dispose(block);
  free(block);
}

// The first copy moves the variable to the heap, and belongs to the stack's frame and to the block.
static struct byref *byref_copy(struct byref *source) {
  struct byref *variable = source->forwarding;
  if (variable->flags & NEEDS_FREE) {
    __atomic_add_fetch(&variable->flags, 1, __ATOMIC_SEQ_CST);
    return variable;
  }
  struct byref *copy = malloc(source->size);
  memcpy(copy, source, source->size);
  copy->flags = (source->flags & ~COUNT_MASK) | NEEDS_FREE | 2;
  copy->forwarding = source->forwarding = copy;
  if (source->flags & HAS_COPY_DISPOSE) copy->keep(copy, source);
  return copy;
}

static void byref_release(struct byref *source) {
  struct byref *variable = source->forwarding;
  if (!(variable->flags & NEEDS_FREE)) return;
  if (__atomic_sub_fetch(&variable->flags, 1, __ATOMIC_SEQ_CST) & COUNT_MASK) return;
  if (variable->flags & HAS_COPY_DISPOSE) variable->destroy(variable);
  free(variable);
}

void _Block_object_assign(void *place, const void *object, int kind) {
  const void **target = place;
  if (kind & BYREF_CALLER)  // a __block variable does not own what it points at
    *target = object;
  else if (kind & FIELD_IS_BYREF)
    *target = byref_copy((struct byref *)object);
  else if (kind == FIELD_IS_BLOCK)
    *target = _Block_copy(object);
  else
    *target = [(id)object retain];
}

void _Block_object_dispose(const void *object, int kind) {
  if (kind & BYREF_CALLER) return;
  if (kind & FIELD_IS_BYREF)
    byref_release((struct byref *)object);
  else if (kind == FIELD_IS_BLOCK)
    _Block_release(object);
  else
    [(id)object release];
}
