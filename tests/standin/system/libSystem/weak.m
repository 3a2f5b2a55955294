// The last -release of an object to which weak references point clears them first, under the lock that a load takes.
// -dealloc clears too, for references that were made while the last release was under way.
#import <Foundation/Foundation.h>
#import "weak.h"
#include <objc/runtime.h>
#include <pthread.h>
#include <stdlib.h>

struct reference {
  id *place;
  id object;
  struct reference *next;
};

enum { BUCKETS = 1024 };

static struct reference *buckets[BUCKETS];
static unsigned population[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static unsigned bucket_of(id object) { return ((uintptr_t)object >> 4) % BUCKETS; }

static void forget(id *place, id object) {
  struct reference **link = &buckets[bucket_of(object)];
  for (; *link != NULL; link = &(*link)->next) {
    if ((*link)->place != place) continue;
    struct reference *found = *link;
    *link = found->next;
    free(found);
    __atomic_fetch_sub(&population[bucket_of(object)], 1, __ATOMIC_SEQ_CST);
    return;
  }
}

id objc_storeWeak(id *place, id object) {
  pthread_mutex_lock(&lock);
  if (*place != nil) forget(place, *place);
  *place = object;
  if (object != nil) {
    struct reference *reference = malloc(sizeof *reference);
    unsigned bucket = bucket_of(object);
    *reference = (struct reference){place, object, buckets[bucket]};
    buckets[bucket] = reference;
    __atomic_fetch_add(&population[bucket], 1, __ATOMIC_SEQ_CST);
  }
  pthread_mutex_unlock(&lock);
  return object;
}

id objc_loadWeakRetained(id *place) {
  pthread_mutex_lock(&lock);
  id object = [*place retain];
  pthread_mutex_unlock(&lock);
  return object;
}

static void clear_locked(id object) {
  struct reference **link = &buckets[bucket_of(object)];
  while (*link != NULL) {
    struct reference *reference = *link;
    if (reference->object != object) {
      link = &reference->next;
      continue;
    }
    *reference->place = nil;
    *link = reference->next;
    free(reference);
    __atomic_fetch_sub(&population[bucket_of(object)], 1, __ATOMIC_SEQ_CST);
  }
}

static BOOL may_be_referenced(id object) {
  return __atomic_load_n(&population[bucket_of(object)], __ATOMIC_SEQ_CST) != 0;
}

typedef void (*method)(id, SEL);

static void release_with(method release, id self, SEL command) {
  if (!may_be_referenced(self)) {
    release(self, command);
    return;
  }
  pthread_mutex_lock(&lock);
  BOOL last = NSExtraRefCount(self) == 0;  // GNUstep counts from 0
  if (last)
    clear_locked(self);
  else
    release(self, command);
  pthread_mutex_unlock(&lock);
  if (last) release(self, command);  // and with it -dealloc, which must not run under the lock
}

static void dealloc_with(method dealloc, id self, SEL command) {
  if (may_be_referenced(self)) {
    pthread_mutex_lock(&lock);
    clear_locked(self);
    pthread_mutex_unlock(&lock);
  }
  dealloc(self, command);
}

static method object_release, object_dealloc, proxy_release, proxy_dealloc;

static void weak_object_release(id self, SEL command) { release_with(object_release, self, command); }
static void weak_object_dealloc(id self, SEL command) { dealloc_with(object_dealloc, self, command); }
static void weak_proxy_release(id self, SEL command) { release_with(proxy_release, self, command); }
static void weak_proxy_dealloc(id self, SEL command) { dealloc_with(proxy_dealloc, self, command); }

static method replace(Class class, SEL selector, method with) {
  return (method)method_setImplementation(class_getInstanceMethod(class, selector), (IMP)with);
}

@interface LSWeakReferences : NSObject
@end

@implementation LSWeakReferences

+ (void)load {
  object_release = replace([NSObject class], @selector(release), weak_object_release);
  object_dealloc = replace([NSObject class], @selector(dealloc), weak_object_dealloc);
  proxy_release = replace([NSProxy class], @selector(release), weak_proxy_release);
  proxy_dealloc = replace([NSProxy class], @selector(dealloc), weak_proxy_dealloc);
}

@end
