#import <Foundation/Foundation.h>

// what: the call (see Calls.m). threads, count: how many calls each thread makes. rate: calls a second of all threads
// together, 0 is as fast as they can. Returns calls, elapsed_ns, mean_ns, p50_ns, p99_ns.
NSDictionary *workload_run(NSDictionary *order);
