// The main queue: the main run loop is woken through a descriptor and drains it.
#include "internal.h"
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct dispatch_queue_s _dispatch_main_q = {
    .label = "com.apple.main-thread", .kind = QUEUE_MAIN, .lock = PTHREAD_MUTEX_INITIALIZER};

static int wake_descriptor = -1;

__attribute__((constructor)) static void make_descriptor(void) {
  wake_descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

int _dispatch_get_main_queue_handle_4CF(void) { return wake_descriptor; }

void main_queue_wake(void) {
  uint64_t one = 1;
  if (write(wake_descriptor, &one, sizeof one) < 0) return;  // already signalled as often as can be counted
}

// The run loop has read the descriptor before.
void _dispatch_main_queue_callback_4CF(void *unused) { main_queue_drain(); }
