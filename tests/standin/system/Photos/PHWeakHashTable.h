#import <Foundation/Foundation.h>

// An NSHashTable that does not retain: what is deallocated is no longer in it. (GNUstep's own weak tables need a
// runtime with weak references.) Members are told apart by address. Callers guard it with a lock.
@interface PHWeakHashTable : NSHashTable {
  void *_slots;
}

- (NSUInteger)count;

@end
