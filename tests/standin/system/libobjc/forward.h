// Pointers to the GNU runtime's functions, filled when the library loads.
#pragma once
#define HIDDEN __attribute__((visibility("hidden")))

extern HIDDEN void *gnu_class_isMetaClass;
extern HIDDEN void *gnu_class_getName;
