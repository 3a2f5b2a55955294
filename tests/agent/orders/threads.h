// Threads for the stress: apart, because the agent's C declares clock_gettime in its own way.
#pragma once
#include <glib.h>

enum { THREADS_HERE = 3 };

// Run `script` on one thread, as JavaScript does, and `hook` on THREADS_HERE others; all begin together.
void run_together(void (*script)(void), void (*hook)(guint thread));
// Wait here until all of them have come.
void meet(void);
// The script's lock.
void lock_script(void);
void unlock_script(void);
// Returns whether it was signalled within ten seconds.
gint wait_for_signal(void);
void signal_once(void);
guint thread_number(void);
void fail(const char *what);
