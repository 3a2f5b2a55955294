#define _GNU_SOURCE
#import "Witness.h"
#import <UIKit/UIApplication.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long last_call, last_notification;
static __thread long current_notification;
static __thread NSString *current_trigger;

static int account(void) {
  static int descriptor = -2;
  @synchronized([NSObject class]) {
    if (descriptor != -2) return descriptor;
    descriptor = -1;
    const char *folder = getenv("STANDIN_RUN");
    if (folder == NULL) return descriptor;
    NSString *path = [NSString stringWithFormat:@"%s/truth/%d.ndjson", folder, getpid()];
    descriptor = open([path fileSystemRepresentation], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return descriptor;
  }
}

static NSNumber *clock_ns(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return @(now.tv_sec * 1000000000ll + now.tv_nsec);
}

static NSString *state_name(void) {
  UIApplication *application = [UIApplication sharedApplication];
  if (application == nil) return @"unknown";
  NSArray *names = @[ @"active", @"inactive", @"background" ];
  return [names objectAtIndex:[application applicationState]];
}

void witness_note(NSString *what, NSDictionary *details) {
  int descriptor = account();
  if (descriptor < 0) return;
  NSMutableDictionary *line = [NSMutableDictionary dictionaryWithDictionary:details];
  [line setObject:what forKey:@"event"];
  [line setObject:clock_ns(CLOCK_REALTIME) forKey:@"wall_ns"];
  [line setObject:clock_ns(CLOCK_BOOTTIME) forKey:@"mono_ns"];
  [line setObject:@(getpid()) forKey:@"pid"];
  [line setObject:@((long)syscall(SYS_gettid)) forKey:@"tid"];
  [line setObject:state_name() forKey:@"state"];
  NSMutableData *bytes = [[[NSJSONSerialization dataWithJSONObject:line options:0 error:NULL] mutableCopy] autorelease];
  [bytes appendBytes:"\n" length:1];
  if (write(descriptor, [bytes bytes], [bytes length]) < 0) abort();  // a truth that cannot be told is no truth
}

long witness_call(NSString *symbol, NSString *depth) {
  long number = __atomic_add_fetch(&last_call, 1, __ATOMIC_SEQ_CST);
  witness_note(
      @"call", @{
        @"n" : @(number),
        @"symbol" : symbol,
        @"depth" : depth,
        @"cause" : current_notification == 0 ? (id)[NSNull null] : @(current_notification),
        @"trigger" : witness_trigger(),
      });
  return number;
}

void witness_delivery(long call, NSInteger bytes, BOOL degraded) {
  witness_note(
      @"delivery", @{
        @"of" : @(call),
        @"bytes" : bytes < 0 ? (id)[NSNull null] : @(bytes),
        @"degraded" : [NSNumber numberWithBool:degraded],
      });
}

long witness_notification(NSString *observer_class) {
  long number = __atomic_add_fetch(&last_notification, 1, __ATOMIC_SEQ_CST);
  current_notification = number;
  witness_note(
      @"notification",
      @{@"n" : @(number),
        @"observer" : observer_class});
  return number;
}

void witness_notification_ends(void) { current_notification = 0; }

void witness_act_for(long notification) { current_notification = notification; }

void witness_set_off_by(NSString *trigger) { current_trigger = trigger; }

NSString *witness_trigger(void) {
  if (current_notification != 0) return @"change";
  return current_trigger == nil ? @"none" : current_trigger;
}

long witness_current_notification(void) { return current_notification; }
