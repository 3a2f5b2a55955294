// One call from very many places: each path through the two calls below is a stack of its own.
#import "Case.h"

static long left;

// Unoptimised: the compiler would make one call of the two.
__attribute__((noinline, optnone)) static void descend(long bits, int depth) {
  if (depth == 0) {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    reader_fetch();
    [pool release];
    left--;
    return;
  }
  if (bits & 1)
    descend(bits >> 1, depth - 1);
  else
    descend(bits >> 1, depth - 1);
}

// count: paths; depth: calls on each.
static NSDictionary *paths(NSDictionary *order) {
  long count = [[order objectForKey:@"count"] integerValue];
  left = count;
  for (long i = 0; i < count; i++) descend(i, [[order objectForKey:@"depth"] intValue]);
  return @{@"left" : @(left)};
}

const struct named_case PATH_CASES[] = {{"paths", paths}, {NULL, NULL}};
