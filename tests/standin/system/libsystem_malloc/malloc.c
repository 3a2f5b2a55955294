// The allocator's home on iOS. What is freed here was allocated by glibc.
extern void __libc_free(void *memory);

void free(void *memory) { __libc_free(memory); }
