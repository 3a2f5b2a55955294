// What the agent's C uses of Frida's glib.h, with the compiler's own atomics.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define TRUE 1
#define FALSE 0
#define GLIB_SIZEOF_VOID_P 8
#define GPOINTER_TO_SIZE(p) ((gsize)(p))
#define GSIZE_TO_POINTER(s) ((gpointer)(gsize)(s))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
typedef int gint;
typedef unsigned int guint;
typedef void *gpointer;
typedef const void *gconstpointer;
typedef uint8_t guint8;
typedef uint32_t guint32;
typedef int64_t gint64;
typedef unsigned long guint64;
typedef long gssize;
typedef size_t gsize;

#define g_atomic_int_add(place, n) __atomic_fetch_add((gint *)(place), (n), __ATOMIC_SEQ_CST)
#define g_atomic_pointer_add(place, n) __atomic_fetch_add((gssize *)(place), (n), __ATOMIC_SEQ_CST)
void g_thread_yield(void);

#ifdef PLAIN
// As it was: stores and loads without any order.
#define LOAD(place) (*(place))
static void put_word(volatile void *place, gsize value) { *(volatile gsize *)place = value; }
#elif defined(BETWEEN)
// After each load, another thread may have done something.
void between(volatile void *place);
#define LOAD(place) ({ __typeof__(*(place)) loaded = __atomic_load_n(place, __ATOMIC_ACQUIRE); between(place); loaded; })
static void put_word(volatile void *place, gsize value) { g_atomic_pointer_add(place, (gssize)(value - *(volatile gsize *)place)); }
#endif
