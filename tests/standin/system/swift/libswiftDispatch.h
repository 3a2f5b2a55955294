// What libraries in usr/lib/swift do for an app: hand its blocks on, and work of their own.
#pragma once
#include <dispatch/dispatch.h>

// Submits the app's block, as Swift's DispatchQueue.async does.
void overlay_async(dispatch_queue_t queue, dispatch_block_t block);
// Submits work of the library's own, which reads.
void overlay_own_work(dispatch_queue_t queue);
