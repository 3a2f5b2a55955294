// GNUstep knows a main bundle only in folders named .app. On iOS extensions (.appex) have one too.
#import <Foundation/Foundation.h>
#include <objc/runtime.h>

static IMP gnustep_main_bundle;

static id main_bundle(Class self, SEL command) {
  static NSBundle *bundle;
  @synchronized(self) {
    if (bundle != nil) return bundle;
    NSBundle *found = ((id(*)(Class, SEL))gnustep_main_bundle)(self, command);
    NSString *folder = [[[NSProcessInfo processInfo] arguments] objectAtIndex:0];
    folder = [[folder stringByResolvingSymlinksInPath] stringByDeletingLastPathComponent];
    if ([[folder pathExtension] isEqualToString:@"appex"]) found = [NSBundle bundleWithPath:folder];
    bundle = [found retain];
    return bundle;
  }
}

@interface LSMainBundle : NSObject
@end

@implementation LSMainBundle

+ (void)load {
  Method method = class_getClassMethod([NSBundle class], @selector(mainBundle));
  gnustep_main_bundle = method_setImplementation(method, (IMP)main_bundle);
}

@end
