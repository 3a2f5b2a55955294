// leaver: ends for the reason that STANDIN_LEAVES names, as apps do that look after themselves or are broken.
//
//   alone:S           S seconds after it was allowed to start, whatever happens
//   frida:S           S seconds after it has seen Frida in its own process: a mapped file or a thread of its name
//   code:S:M|M…       S seconds after the code of all of these methods is no longer what it was (-[PHAsset location])
//   any:S:M|M…        the same, of one of them
//
// Without it, it stays. What it looks at is its own process only.
#import "../common/Reader.h"
#import <UIKit/UIKit.h>
#import <objc/runtime.h>
#import <pthread.h>
#import <stdlib.h>
#import <string.h>
#import <unistd.h>

enum { CODE_BYTES = 16, LOOK_US = 50000 };

typedef struct {
  Method method;
  IMP implementation;
  unsigned char code[CODE_BYTES];
} Watched;

static Watched *watched;
static NSUInteger watched_count;

static Method method_named(NSString *symbol) {
  NSString *inside = [symbol substringWithRange:NSMakeRange(2, [symbol length] - 3)];
  NSArray *parts = [inside componentsSeparatedByString:@" "];
  Class cls = NSClassFromString([parts objectAtIndex:0]);
  SEL selector = NSSelectorFromString([parts objectAtIndex:1]);
  return [symbol hasPrefix:@"+"] ? class_getClassMethod(cls, selector) : class_getInstanceMethod(cls, selector);
}

static void remember(NSArray *symbols) {
  watched_count = [symbols count];
  watched = calloc(watched_count, sizeof(Watched));
  for (NSUInteger i = 0; i < watched_count; i++) {
    watched[i].method = method_named([symbols objectAtIndex:i]);
    if (watched[i].method == NULL) abort();
    watched[i].implementation = method_getImplementation(watched[i].method);
    memcpy(watched[i].code, (const void *)watched[i].implementation, CODE_BYTES);
  }
}

static BOOL is_changed(const Watched *one) {
  IMP now = method_getImplementation(one->method);
  return now != one->implementation || memcmp((const void *)now, one->code, CODE_BYTES) != 0;
}

static BOOL enough_changed(BOOL one) {
  NSUInteger changed = 0;
  for (NSUInteger i = 0; i < watched_count; i++) changed += is_changed(&watched[i]);
  return changed >= (one ? 1 : watched_count);
}

static BOOL file_has(NSString *path, NSString *text) {
  NSString *content = [NSString stringWithContentsOfFile:path encoding:NSISOLatin1StringEncoding error:NULL];
  return content != nil && [content rangeOfString:text].location != NSNotFound;
}

static BOOL sees_frida(void) {
  @autoreleasepool {
    if (file_has(@"/proc/self/maps", @"frida")) return YES;
    for (NSString *thread in [[NSFileManager defaultManager] directoryContentsAtPath:@"/proc/self/task"]) {
      NSString *name = [NSString stringWithFormat:@"/proc/self/task/%@/comm", thread];
      if (file_has(name, @"gum-js") || file_has(name, @"frida")) return YES;
    }
  }
  return NO;
}

static void *look(void *asked) {
  @autoreleasepool {
    NSArray *words = asked;
    NSString *kind = [words objectAtIndex:0];
    useconds_t delay = (useconds_t)([[words objectAtIndex:1] doubleValue] * 1e6);
    BOOL any = [kind isEqualToString:@"any"], code = any || [kind isEqualToString:@"code"];
    BOOL frida = [kind isEqualToString:@"frida"];
    while ((code && !enough_changed(any)) || (frida && !sees_frida())) usleep(LOOK_US);
    usleep(delay);
    // A check that fails is a crash in many apps, one that finds a debugger an ordinary end.
    code ? abort() : exit(0);
  }
  return NULL;
}

@interface LeaverDelegate : NSObject <UIApplicationDelegate>
@end

@implementation LeaverDelegate

- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)options {
  const char *asked = getenv("STANDIN_LEAVES");
  if (asked == NULL) return YES;
  NSString *text = [NSString stringWithUTF8String:asked];
  NSRange kind = [text rangeOfString:@":"];
  NSString *rest = [text substringFromIndex:NSMaxRange(kind)];
  NSRange delay = [rest rangeOfString:@":"];
  if (delay.location != NSNotFound) {
    remember([[rest substringFromIndex:NSMaxRange(delay)] componentsSeparatedByString:@"|"]);
    rest = [rest substringToIndex:delay.location];
  }
  NSArray *words = [[NSArray alloc] initWithObjects:[text substringToIndex:kind.location], rest, nil];
  pthread_t thread;
  pthread_create(&thread, NULL, look, words);
  return YES;
}

- (NSDictionary *)takeOrder:(NSDictionary *)order {
  reader_take_order(order);
  return nil;
}

@end

int main(int argc, char *argv[]) { return UIApplicationMain(argc, argv, nil, @"LeaverDelegate"); }
