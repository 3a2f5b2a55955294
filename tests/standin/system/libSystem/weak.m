// Every NSObject's and NSProxy's -dealloc passes here first. A small table says which places point at the object.
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
  // GNUstep counts from 0, and -1 is an object on its way to -dealloc, which waits for the lock: too late for it.
  if (object != nil && (int)NSExtraRefCount(object) <= 0) object = nil;
  pthread_mutex_unlock(&lock);
  return object;
}

static void clear_references(id object) {
  unsigned bucket = bucket_of(object);
  if (__atomic_load_n(&population[bucket], __ATOMIC_SEQ_CST) == 0) return;
  pthread_mutex_lock(&lock);
  struct reference **link = &buckets[bucket];
  while (*link != NULL) {
    struct reference *reference = *link;
    if (reference->object != object) {
      link = &reference->next;
      continue;
    }
    *reference->place = nil;
    *link = reference->next;
    free(reference);
    __atomic_fetch_sub(&population[bucket], 1, __ATOMIC_SEQ_CST);
  }
  pthread_mutex_unlock(&lock);
}

static void (*object_dealloc)(id, SEL);
static void (*proxy_dealloc)(id, SEL);

static void weak_object_dealloc(id self, SEL command) {
  clear_references(self);
  object_dealloc(self, command);
}

static void weak_proxy_dealloc(id self, SEL command) {
  clear_references(self);
  proxy_dealloc(self, command);
}

static IMP replace_dealloc(Class class, void (*with)(id, SEL)) {
  return method_setImplementation(class_getInstanceMethod(class, @selector(dealloc)), (IMP)with);
}

@interface LSWeakReferences : NSObject
@end

@implementation LSWeakReferences

+ (void)load {
  object_dealloc = (void (*)(id, SEL))replace_dealloc([NSObject class], weak_object_dealloc);
  proxy_dealloc = (void (*)(id, SEL))replace_dealloc([NSProxy class], weak_proxy_dealloc);
}

@end
