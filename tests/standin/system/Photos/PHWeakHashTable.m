#import "PHWeakHashTable.h"
#include <stdlib.h>
#include <weak.h>

struct slot {
  id object;
  struct slot *next;
};

@implementation PHWeakHashTable

- (instancetype)init {
  return self;  // NSHashTable's own initialisers make a table of another class
}

- (void)dealloc {
  [self removeAllObjects];
  [super dealloc];
}

static void drop(struct slot **link) {
  struct slot *slot = *link;
  *link = slot->next;
  objc_storeWeak(&slot->object, nil);
  free(slot);
}

// The link to the object's slot, or to the end. Slots whose objects have gone are dropped on the way.
- (struct slot **)linkTo:(id)object {
  struct slot **link = (struct slot **)&_slots;
  while (*link != NULL && (*link)->object != object) {
    if ((*link)->object == nil)
      drop(link);
    else
      link = &(*link)->next;
  }
  return link;
}

- (void)addObject:(id)object {
  if (object == nil) return;
  struct slot **link = [self linkTo:object];
  if (*link != NULL) return;
  *link = calloc(1, sizeof **link);
  objc_storeWeak(&(*link)->object, object);
}

- (void)removeObject:(id)object {
  if (object == nil) return;
  struct slot **link = [self linkTo:object];
  if (*link != NULL) drop(link);
}

- (void)removeAllObjects {
  while (_slots != NULL) drop((struct slot **)&_slots);
}

- (BOOL)containsObject:(id)object {
  return object != nil && *[self linkTo:object] != NULL;
}

- (id)member:(id)object {
  return [self containsObject:object] ? object : nil;
}

- (NSArray *)allObjects {
  NSMutableArray *objects = [NSMutableArray array];
  for (struct slot *slot = _slots; slot != NULL; slot = slot->next) {
    id object = objc_loadWeakRetained(&slot->object);
    if (object == nil) continue;
    [objects addObject:object];
    [object release];
  }
  return objects;
}

- (NSUInteger)count {
  NSUInteger count = 0;
  for (struct slot *slot = _slots; slot != NULL; slot = slot->next) count += slot->object != nil;
  return count;
}

- (id)anyObject {
  return [[self allObjects] lastObject];
}

- (NSEnumerator *)objectEnumerator {
  return [[self allObjects] objectEnumerator];
}

- (NSUInteger)countByEnumeratingWithState:(NSFastEnumerationState *)state
                                  objects:(id *)buffer
                                    count:(NSUInteger)length {
  return [[self allObjects] countByEnumeratingWithState:state objects:buffer count:length];
}

@end
