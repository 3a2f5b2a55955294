// Handlers whose code is shorter than what a hook needs.
#import "Case.h"
#include "libsystem_blocks/layout.h"
#import <Block.h>

extern void *_NSConcreteStackBlock[];
BOOL case_has_short_handlers;

// A jump to code that calls the block which this one holds; and nothing at all.
extern void short_invoke(void *self, ...), nothing_invoke(void *self, ...);
#if defined(__x86_64__)
__asm__(".text\n"
        "short_invoke: nop\n"  // hooks follow a jump that comes first
        "  .byte 0xeb, 6\n"    // jmp to the mov below
        "nothing_invoke: ret\n"
        "  int3; int3; int3; int3; int3\n"
        "  movq 32(%rdi), %rdi\n"
        "  jmp *16(%rdi)\n");
#elif defined(__aarch64__)
__asm__(".text\n.p2align 2\n"
        "short_invoke: nop\n"
        "  b 1f\n"
        "nothing_invoke: ret\n"
        "  brk #0\n"
        "1: ldr x0, [x0, #32]\n"
        "  ldr x16, [x0, #16]\n"
        "  br x16\n");
#endif

struct short_block {
  struct block block;
  const void *to;
};

static void keep(void *to, const void *from) {
  ((struct short_block *)to)->to = _Block_copy(((const struct short_block *)from)->to);
}

static void drop(const void *block) { _Block_release(((const struct short_block *)block)->to); }

id case_handler(id handler) {
  static struct block_descriptor descriptor = {0, sizeof(struct short_block), keep, drop};
  if (!case_has_short_handlers) return handler;
  struct short_block made = {{_NSConcreteStackBlock, HAS_COPY_DISPOSE, 0, short_invoke, &descriptor}, (const void *)handler};
  return [(id)_Block_copy(&made) autorelease];
}

id case_nothing_handler(BOOL small) {
  extern void *_NSConcreteGlobalBlock[];
  static struct block_descriptor descriptor = {0, sizeof(struct block)};
  static struct block nothing = {_NSConcreteGlobalBlock, IS_GLOBAL, 0, nothing_invoke, &descriptor};
  static struct block other = {_NSConcreteGlobalBlock, IS_GLOBAL | 1 << 22, 0, nothing_invoke, &descriptor};
  return (id)(small ? &other : &nothing);
}
