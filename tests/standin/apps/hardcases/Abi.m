// What differs from one architecture to another in how functions, methods and blocks are called. The same source runs on all.
#import "Case.h"
#include "libsystem_blocks/layout.h"
#include <Block.h>
#include <dispatch/dispatch.h>
#include <objc/message.h>
#include <stdarg.h>
#include <string.h>

// --- arguments and results: in every register, on the stack, through x8
struct rect {
  double x, y, width, height;
};
struct pair {
  double one, other;
};
struct big {
  double sum_of_doubles, rect;
  long sum_of_integers, first, tenth, last;
};

// What hands this on passes nil as a context, and keeps no room for a result: then it only returns.
extern struct big wide_entry(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j, double p, double q,
                             double r, double s, double t, double u, double v, double w, double x, struct rect rect);
#if defined(__x86_64__)
__asm__(".text\n.p2align 4\nwide_entry: test %rdi, %rdi\n  nopl 0x100(%rax,%rax,1)\n  je 1f\n  nopl 0x100(%rax,%rax,1)\n  jmp wide\n1: ret\n");
#elif defined(__aarch64__)
__asm__(".text\n.p2align 4\nwide_entry: nop\n  nop\n  nop\n  nop\n  cbz x0, 1f\n  b wide\n1: ret\n");
#endif

__attribute__((used, visibility("hidden"), noinline)) struct big
wide(long a, long b, long c, long d, long e, long f, long g, long h, long i, long j, double p, double q, double r, double s,
     double t, double u, double v, double w, double x, struct rect rect) {
  return (struct big){p + q * 2 + r * 3 + s * 4 + t * 5 + u * 6 + v * 7 + w * 8 + x * 9,
                      rect.x + rect.y * 10 + rect.width * 100 + rect.height * 1000,
                      a + b * 2 + c * 3 + d * 4 + e * 5 + f * 6 + g * 7 + h * 8 + i * 9 + j * 10, a, j, i};
}

__attribute__((noinline)) static double variadic(long count, ...) {
  if (count == 0) return 0;
  double sum = 0;
  va_list rest;
  va_start(rest, count);
  for (long i = 1; i <= count; i++) sum += i % 2 ? va_arg(rest, double) * i : va_arg(rest, long) * i;
  va_end(rest);
  return sum;
}

__attribute__((noinline)) static struct pair swap(long context, struct pair given) {
  if (context == 0) return (struct pair){0, 0};
  return (struct pair){given.other, given.one};
}

@interface WideTarget : NSObject
@end

@implementation WideTarget

- (double)many:(id)first b:(long)b c:(long)c d:(long)d e:(long)e f:(long)f g:(long)g h:(long)h i:(long)i x:(double)x {
  if (first == nil) return 0;
  return b + c * 2 + d * 3 + e * 4 + f * 5 + g * 6 + h * 7 + i * 8 + x;
}

- (long)list:(id)first, ... {
  if (first == nil) return 0;
  long count = 0;
  va_list rest;
  va_start(rest, first);
  for (id one = first; one != nil; one = va_arg(rest, id)) count = count * 10 + [one integerValue];
  va_end(rest);
  return count;
}

@end

enum { CODES = 5, BYTES = 16 };
static WideTarget *target;
static const void *code[CODES];
static char before[CODES][BYTES];
static dispatch_queue_t queue;

@interface WideObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation WideObserver

// All of it is handed on because of the change, so that its code is hooked.
- (void)photoLibraryDidChange:(PHChange *)change {
  witness_notification(@"WideObserver");
  dispatch_async_f(queue, NULL, (dispatch_function_t)wide_entry);
  dispatch_async_f(queue, NULL, (dispatch_function_t)variadic);
  dispatch_async_f(queue, NULL, (dispatch_function_t)swap);
  [target performSelectorOnMainThread:@selector(many:b:c:d:e:f:g:h:i:x:) withObject:nil waitUntilDone:NO];
  [target performSelectorOnMainThread:@selector(list:) withObject:nil waitUntilDone:NO];
  witness_notification_ends();
}

@end

static void set_up(void) {
  if (target != nil) return;
  queue = dispatch_queue_create("org.lightleak.hardcases.wide", DISPATCH_QUEUE_SERIAL);
  target = [WideTarget new];
  const void *all[CODES] = {wide_entry, variadic, swap, [target methodForSelector:@selector(many:b:c:d:e:f:g:h:i:x:)],
                            [target methodForSelector:@selector(list:)]};
  memcpy(code, all, sizeof code);
  for (int i = 0; i < CODES; i++) memcpy(before[i], code[i], BYTES);
}

static NSDictionary *wide_case(NSDictionary *order) {
  set_up();
  case_observe([[WideObserver new] autorelease]);
  return nil;
}

// Calls all of it, as only the app does. Returns what came out wrong, and how many of the functions have other code now.
static NSDictionary *wide_check(NSDictionary *order) {
  NSMutableArray *failed = [NSMutableArray array];
  set_up();
#define CHECK(holds) \
  if (!(holds)) [failed addObject:@ #holds]
  struct big big = wide_entry(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, .5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, (struct rect){1, 2, 3, 4});
  CHECK(big.sum_of_integers == 385 && big.first == 1 && big.tenth == 10 && big.last == 9);
  CHECK(big.sum_of_doubles == 142.5 && big.rect == 4321);
  CHECK(variadic(10, 1.5, 2L, 2.5, 4L, 3.5, 6L, 4.5, 8L, 5.5, 10L) == 1.5 + 4 + 7.5 + 16 + 17.5 + 36 + 31.5 + 64 + 49.5 + 100);
  struct pair pair = swap(1, (struct pair){.25, .75});
  CHECK(pair.one == .75 && pair.other == .25);
  CHECK([target many:target b:1 c:2 d:3 e:4 f:5 g:6 h:7 i:8 x:.5] == 204.5);
  CHECK(([target list:@1, @2, @3, @4, @5, @6, @7, @8, @9, nil]) == 123456789);
  int hooked = 0;
  for (int i = 0; i < CODES; i++) hooked += memcmp(before[i], code[i], BYTES) != 0;
  return @{@"failed" : failed, @"hooked" : @(hooked)};
}

// --- a message through a stub, as Xcode 14 and later compile each one: it loads the selector and jumps
__attribute__((used, visibility("hidden"))) SEL stub_selector;
extern id objc_msgSend$fetchAssets(id receiver, SEL unused, NSInteger type, id options);
#if defined(__x86_64__)
__asm__(".text\n.p2align 4\nobjc_msgSend$fetchAssets: movq stub_selector(%rip), %rsi\n  jmp objc_msgSend@PLT\n");
#elif defined(__aarch64__)
__asm__(".text\n.p2align 4\nobjc_msgSend$fetchAssets: adrp x1, stub_selector\n  ldr x1, [x1, #:lo12:stub_selector]\n  b objc_msgSend\n");
#endif

__attribute__((noinline)) static void call_through_stub(void) {
  witness_call(@"+[PHAsset fetchAssetsWithMediaType:options:]", @"metadata");
  [objc_msgSend$fetchAssets([PHAsset class], NULL, PHAssetMediaTypeImage, nil) count];
}

static NSDictionary *stub(NSDictionary *order) {
  stub_selector = @selector(fetchAssetsWithMediaType:options:);
  call_through_stub();
  return nil;
}

// --- blocks whose code pointer has bits that are no address, as a signature has. AArch64 ignores the highest byte.
#if defined(__aarch64__)
#define MARK ((uintptr_t)0x2a << 56)
#else
#define MARK ((uintptr_t)0)
#endif

static dispatch_block_t marked(dispatch_block_t block, BOOL mark) {
  struct block *own = (struct block *)Block_copy(block);
  if (mark) own->invoke = (void (*)(void *, ...))((uintptr_t)own->invoke | MARK);
  return (dispatch_block_t)own;
}

static void read_for(long notification) {
  witness_act_for(notification);
  reader_fetch();
  witness_act_for(0);
}

@interface MarkedObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation MarkedObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  long notification = witness_notification(@"MarkedObserver");
  dispatch_block_t block = marked(^{ read_for(notification); }, YES);
  dispatch_async(queue, block);
  Block_release(block);
  witness_notification_ends();
}

@end

static NSDictionary *marked_block(NSDictionary *order) {
  queue = dispatch_queue_create("org.lightleak.hardcases.marked", DISPATCH_QUEUE_SERIAL);
  case_observe([[MarkedObserver new] autorelease]);
  return nil;
}

static void ask_for_data(PHAsset *asset, BOOL mark) {
  long call = witness_call(@"-[PHImageManager requestImageDataAndOrientationForAsset:options:resultHandler:]", @"data");
  id handler = (id)marked((dispatch_block_t) ^ (NSData * bytes, NSString * type, uint32_t orientation, NSDictionary * info) {
    witness_delivery(call, [bytes length], NO);
  }, mark);
  [[PHImageManager defaultManager] requestImageDataAndOrientationForAsset:asset options:nil resultHandler:handler];
  Block_release(handler);
}

// The same code under both pointers: it is one function.
static NSDictionary *marked_handler(NSDictionary *order) {
  PHAsset *asset = case_asset(nil);
  for (int i = 0; i < 4; i++) ask_for_data(asset, i % 2);
  return nil;
}

// --- a size in two floating-point registers. width, height.
static NSDictionary *size(NSDictionary *order) {
  CGSize wanted = CGSizeMake([[order objectForKey:@"width"] doubleValue], [[order objectForKey:@"height"] doubleValue]);
  long call = witness_call(@"-[PHImageManager requestImageForAsset:targetSize:contentMode:options:resultHandler:]",
                           MAX(wanted.width, wanted.height) > 512 ? @"data" : @"thumbnail");
  PHAsset *asset = case_asset(nil);
  [[PHImageManager defaultManager] requestImageForAsset:asset
                                             targetSize:wanted
                                            contentMode:PHImageContentModeAspectFit
                                                options:nil
                                          resultHandler:^(UIImage *image, NSDictionary *info) {
                                            witness_delivery(call, -1, [[info objectForKey:PHImageResultIsDegradedKey] boolValue]);
                                          }];
  return nil;
}

const struct named_case ABI_CASES[] = {{"wide", wide_case},         {"wide-check", wide_check}, {"stub", stub},
                                       {"marked-block", marked_block}, {"marked-handler", marked_handler},
                                       {"size", size},              {NULL, NULL}};
