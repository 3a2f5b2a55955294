// What the Swift code may ask of the program, and how the program calls it. Objective-C and Swift know each other only so.
#pragma once
#include <stdint.h>

/// Read the library. A tag is the callback's number times 1000 plus the pattern's; the number 0 means that no callback caused it.
void library_read(int64_t tag);
/// Call `resume` with `continuation` on a thread that no callback has started.
void library_stranger(void *_Nonnull continuation, void (*_Nonnull resume)(void *_Nonnull continuation));
/// Return the processor time of the calling thread, in nanoseconds.
int64_t library_cpu_ns(void);
