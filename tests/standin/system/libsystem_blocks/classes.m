// Blocks are objects on iOS. Their classes stand where the compiler expects them.
#import <Foundation/Foundation.h>
#include <objc/runtime.h>
#import "Block.h"
#include <string.h>

void *_NSConcreteGlobalBlock[32], *_NSConcreteStackBlock[32], *_NSConcreteMallocBlock[32];

@interface NSBlock : NSObject
@end

@implementation NSBlock

- (id)copy {
  return (id)Block_copy((const void *)self);
}
- (id)copyWithZone:(NSZone *)zone {
  return (id)Block_copy((const void *)self);
}
- (id)retain {
  return self;
}
- (oneway void)release {
}
- (id)autorelease {
  return self;
}

@end

@interface __NSGlobalBlock__ : NSBlock
@end
@interface __NSStackBlock__ : NSBlock
@end
@interface __NSMallocBlock__ : NSBlock
@end

@implementation __NSGlobalBlock__
@end
@implementation __NSStackBlock__
@end
@implementation __NSMallocBlock__

- (id)retain {
  return (id)Block_copy((const void *)self);
}
- (oneway void)release {
  Block_release((const void *)self);
}

- (id)autorelease {
  [NSAutoreleasePool addObject:self];
  return self;
}

@end

// GNU's class structure: isa, superclass, name, version, info, size, ivars, methods, dispatch table, and four more
// words.
enum { CLASS_STRUCTURE_BYTES = 13 * sizeof(void *) };

// The structure is copied into the place that the compiler uses as isa. The messages install its dispatch table first.
static void become(void **concrete, Class class) {
  [class instanceMethodForSelector:@selector(copy)];
  memcpy(concrete, (void *)class, CLASS_STRUCTURE_BYTES);
}

@interface LSBlockClasses : NSObject
@end

@implementation LSBlockClasses

+ (void)load {
  NSAutoreleasePool *pool = [NSAutoreleasePool new];
  become(_NSConcreteGlobalBlock, [__NSGlobalBlock__ class]);
  become(_NSConcreteStackBlock, [__NSStackBlock__ class]);
  become(_NSConcreteMallocBlock, [__NSMallocBlock__ class]);
  [pool release];
}

@end
