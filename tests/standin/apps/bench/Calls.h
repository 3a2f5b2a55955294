// The methods that can be called in a loop.
#import <Foundation/Foundation.h>

typedef void (*bench_call)(void);
// Null for a name that is not known. Known: status, count, object, location, fetch, query, access, image, data,
// dispatch.
bench_call bench_call_named(NSString *name);
