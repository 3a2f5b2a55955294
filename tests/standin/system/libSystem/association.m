// The values of an object are forgotten when it is freed, before its memory can be another's.
#import <Foundation/Foundation.h>
#import "association.h"
#include <objc/runtime.h>
#include <pthread.h>
#include <stdlib.h>

struct association {
  id object;
  const void *key;
  id value;
  BOOL retained;
  struct association *next;
};

enum { BUCKETS = 1024 };

static struct association *buckets[BUCKETS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct association **bucket_of(id object) { return &buckets[((uintptr_t)object >> 4) % BUCKETS]; }

// Takes the first association of an object with a key, or with any where that is null, out of its list; null: none.
static struct association *take_locked(id object, const void *key) {
  for (struct association **link = bucket_of(object); *link != NULL; link = &(*link)->next) {
    struct association *one = *link;
    if (one->object != object || (key != NULL && one->key != key)) continue;
    *link = one->next;
    return one;
  }
  return NULL;
}

static void drop(struct association *one) {
  if (one == NULL) return;
  if (one->retained) [one->value release];
  free(one);
}

void objc_setAssociatedObject(id object, const void *key, id value, objc_AssociationPolicy policy) {
  BOOL retained = policy == OBJC_ASSOCIATION_RETAIN;
  if (retained) [value retain];
  pthread_mutex_lock(&lock);
  struct association *before = take_locked(object, key);
  if (value != nil) {
    struct association *made = malloc(sizeof *made), **bucket = bucket_of(object);
    *made = (struct association){object, key, value, retained, *bucket};
    *bucket = made;
  }
  pthread_mutex_unlock(&lock);
  drop(before);
}

id objc_getAssociatedObject(id object, const void *key) {
  id value = nil;
  pthread_mutex_lock(&lock);
  for (struct association *one = *bucket_of(object); one != NULL && value == nil; one = one->next)
    if (one->object == object && one->key == key) value = one->retained ? [[one->value retain] autorelease] : one->value;
  pthread_mutex_unlock(&lock);
  return value;
}

static void (*object_dealloc)(id, SEL);

static void forget_and_dealloc(id self, SEL command) {
  while (__atomic_load_n(bucket_of(self), __ATOMIC_SEQ_CST) != NULL) {
    pthread_mutex_lock(&lock);
    struct association *one = take_locked(self, NULL);
    pthread_mutex_unlock(&lock);
    if (one == NULL) break;
    drop(one);
  }
  object_dealloc(self, command);
}

@interface LSAssociations : NSObject
@end

@implementation LSAssociations

+ (void)load {
  Method dealloc = class_getInstanceMethod([NSObject class], @selector(dealloc));
  object_dealloc = (void (*)(id, SEL))method_setImplementation(dealloc, (IMP)forget_and_dealloc);
}

@end
