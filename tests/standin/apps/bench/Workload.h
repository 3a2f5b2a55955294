#import <Foundation/Foundation.h>

// what: the call (see Calls.m). threads, count: how many calls each thread makes. rate: calls a second of all threads
// together, 0 is as fast as they can. times: a file for when each call began, int64 each: of every thread its id, the
// number of its calls, and their times, ns of the clock that never steps. Returns calls, elapsed_ns, mean_ns, p50_ns, p99_ns.
NSDictionary *workload_run(NSDictionary *order);
