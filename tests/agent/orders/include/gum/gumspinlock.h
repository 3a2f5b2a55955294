#pragma once
#include <glib.h>

typedef struct { gint held; } GumSpinlock;

static inline void gum_spinlock_init(GumSpinlock *lock) { lock->held = 0; }
static inline void gum_spinlock_acquire(GumSpinlock *lock) {
  while (__atomic_exchange_n(&lock->held, 1, __ATOMIC_SEQ_CST)) g_thread_yield();
}
static inline void gum_spinlock_release(GumSpinlock *lock) { __atomic_store_n(&lock->held, 0, __ATOMIC_SEQ_CST); }
