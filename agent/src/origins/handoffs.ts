// The ways to hand work on to another time or thread, as data.

/** What is handed on, and in which arguments. Arguments of methods are counted with self and _cmd. */
export type Way =
  /** A block that is copied and runs once. */
  | { readonly kind: "block"; readonly at: number }
  /** A block that runs before the call returns, any number of times, on any thread. */
  | { readonly kind: "block-now"; readonly at: number }
  /** A function and its context. */
  | { readonly kind: "function" | "function-now"; readonly at: number; readonly context: number }
  /** A message: object, selector, argument. `delayed`: the call's floating-point argument is a delay in seconds. */
  | { readonly kind: "message"; readonly target: number; readonly selector: number; readonly argument: number; readonly delayed?: true }
  /** A message whose argument is what the call returns: a timer. */
  | { readonly kind: "timer"; readonly target: number; readonly selector: number }
  /** An object whose class has code of its own: -main or -start. */
  | { readonly kind: "object" | "objects"; readonly at: number }
  /** A source of events is made: noted, if it is a timer. */
  | { readonly kind: "source" }
  /** The block or function that a source of events runs. */
  | { readonly kind: "source-block" | "source-function"; readonly at: number }
  /** Messages to an object are taken back. */
  | { readonly kind: "cancel"; readonly at: number };

export interface Handoff {
  readonly symbol: string;
  readonly way: Way;
  /** It may run work, or wait for it, before it returns: a function of ours in its place would be on the stack for so long. */
  readonly waits: boolean;
}

const row = (symbol: string, way: Way): Handoff => ({ symbol, way, waits: false });
const waiting = (symbol: string, way: Way): Handoff => ({ symbol, way, waits: true });
const block = (symbol: string, at: number): Handoff => row(symbol, { kind: "block", at });
const call = (symbol: string, at: number, context: number): Handoff => row(symbol, { kind: "function", at, context });

// Source: dispatch/queue.h, group.h, block.h, source.h; pthread.h; CFRunLoop.h; Foundation's NSOperation.h, NSThread.h,
// NSRunLoop.h, NSTimer.h, NSObject.h, NSURLSession.h.
export const HANDOFFS: readonly Handoff[] = [
  block("dispatch_async", 1),
  block("dispatch_after", 2),
  block("dispatch_barrier_async", 1),
  block("dispatch_group_async", 2),
  block("dispatch_group_notify", 2),
  block("dispatch_block_create", 1),
  block("dispatch_block_create_with_qos_class", 3),
  waiting("dispatch_sync", { kind: "block-now", at: 1 }),
  waiting("dispatch_barrier_sync", { kind: "block-now", at: 1 }),
  waiting("dispatch_async_and_wait", { kind: "block-now", at: 1 }),
  waiting("dispatch_apply", { kind: "block-now", at: 2 }),
  call("dispatch_async_f", 2, 1),
  call("dispatch_after_f", 3, 2),
  call("dispatch_barrier_async_f", 2, 1),
  call("dispatch_group_async_f", 3, 2),
  call("dispatch_group_notify_f", 3, 2),
  waiting("dispatch_sync_f", { kind: "function-now", at: 2, context: 1 }),
  waiting("dispatch_barrier_sync_f", { kind: "function-now", at: 2, context: 1 }),
  waiting("dispatch_apply_f", { kind: "function-now", at: 3, context: 2 }),
  row("dispatch_source_create", { kind: "source" }),
  row("dispatch_source_set_event_handler", { kind: "source-block", at: 1 }),
  row("dispatch_source_set_event_handler_f", { kind: "source-function", at: 1 }),
  // Photos runs it on a queue of its own. It has another hook too, and what is replaced cannot have one.
  waiting("-[PHPhotoLibrary performChanges:completionHandler:]", { kind: "block", at: 2 }),
  waiting("-[PHPhotoLibrary performChangesAndWait:error:]", { kind: "block-now", at: 2 }),
  call("pthread_create", 2, 3),
  block("CFRunLoopPerformBlock", 2),
  block("-[NSRunLoop performBlock:]", 2),
  block("-[NSRunLoop performInModes:block:]", 3),
  block("-[NSOperationQueue addOperationWithBlock:]", 2),
  block("-[NSOperationQueue addBarrierBlock:]", 2),
  block("+[NSBlockOperation blockOperationWithBlock:]", 2),
  block("-[NSBlockOperation addExecutionBlock:]", 2),
  block("-[NSOperation setCompletionBlock:]", 2),
  row("-[NSOperationQueue addOperation:]", { kind: "object", at: 2 }),
  waiting("-[NSOperationQueue addOperations:waitUntilFinished:]", { kind: "objects", at: 2 }),
  row("-[NSInvocationOperation initWithTarget:selector:object:]", { kind: "message", target: 2, selector: 3, argument: 4 }),
  row("-[NSObject performSelector:withObject:afterDelay:]", { kind: "message", target: 0, selector: 2, argument: 3, delayed: true }),
  row("-[NSObject performSelector:withObject:afterDelay:inModes:]", { kind: "message", target: 0, selector: 2, argument: 3, delayed: true }),
  waiting("-[NSObject performSelectorOnMainThread:withObject:waitUntilDone:]", { kind: "message", target: 0, selector: 2, argument: 3 }),
  waiting("-[NSObject performSelectorOnMainThread:withObject:waitUntilDone:modes:]", { kind: "message", target: 0, selector: 2, argument: 3 }),
  waiting("-[NSObject performSelector:onThread:withObject:waitUntilDone:]", { kind: "message", target: 0, selector: 2, argument: 4 }),
  waiting("-[NSObject performSelector:onThread:withObject:waitUntilDone:modes:]", { kind: "message", target: 0, selector: 2, argument: 4 }),
  row("-[NSObject performSelectorInBackground:withObject:]", { kind: "message", target: 0, selector: 2, argument: 3 }),
  row("+[NSObject cancelPreviousPerformRequestsWithTarget:]", { kind: "cancel", at: 2 }),
  row("+[NSObject cancelPreviousPerformRequestsWithTarget:selector:object:]", { kind: "cancel", at: 2 }),
  row("+[NSTimer scheduledTimerWithTimeInterval:target:selector:userInfo:repeats:]", { kind: "timer", target: 2, selector: 3 }),
  row("+[NSTimer timerWithTimeInterval:target:selector:userInfo:repeats:]", { kind: "timer", target: 2, selector: 3 }),
  row("-[NSTimer initWithFireDate:interval:target:selector:userInfo:repeats:]", { kind: "timer", target: 3, selector: 4 }),
  block("+[NSTimer scheduledTimerWithTimeInterval:repeats:block:]", 3),
  block("+[NSTimer timerWithTimeInterval:repeats:block:]", 3),
  block("-[NSTimer initWithFireDate:interval:repeats:block:]", 4),
  row("+[NSThread detachNewThreadSelector:toTarget:withObject:]", { kind: "message", target: 3, selector: 2, argument: 4 }),
  row("-[NSThread initWithTarget:selector:object:]", { kind: "message", target: 2, selector: 3, argument: 4 }),
  row("-[NSThread start]", { kind: "object", at: 0 }),
  block("+[NSThread detachNewThreadWithBlock:]", 2),
  block("-[NSThread initWithBlock:]", 2),
  block("-[NSURLSession dataTaskWithURL:completionHandler:]", 3),
  block("-[NSURLSession dataTaskWithRequest:completionHandler:]", 3),
  block("-[NSURLSession uploadTaskWithRequest:fromData:completionHandler:]", 4),
  block("-[NSURLSession uploadTaskWithRequest:fromFile:completionHandler:]", 4),
  block("-[NSURLSession downloadTaskWithURL:completionHandler:]", 3),
  block("-[NSURLSession downloadTaskWithRequest:completionHandler:]", 3),
  block("-[NSURLSession downloadTaskWithResumeData:completionHandler:]", 3),
];
