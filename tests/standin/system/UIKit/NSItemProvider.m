#import "NSItemProvider.h"
#import "UIImage.h"
#import <association.h>
#include <dispatch/dispatch.h>
#include <objc/runtime.h>
#include <unistd.h>

static char path_key;
enum { UNAVAILABLE = -1000, WRONG_CLASS = -1100, CANCELLED = 3072 };

// In NSProgress's place: GNUstep's crashes when it is cancelled or freed.
@interface LoadProgress : NSObject {
  BOOL _over;
}
@end

@implementation LoadProgress

- (void)cancel {
  _over = YES;
}

- (BOOL)isCancelled {
  return _over;
}

@end

@implementation UTType

+ (UTType *)typeWithIdentifier:(NSString *)identifier {
  UTType *type = [[self new] autorelease];
  type->_identifier = [identifier copy];
  return type;
}

- (void)dealloc {
  [_identifier release];
  [super dealloc];
}

- (NSString *)identifier {
  return _identifier;
}

@end

@protocol ReadFromProviders
+ (id)objectWithItemProviderData:(NSData *)data typeIdentifier:(NSString *)type error:(NSError **)error;
@end

static NSError *error_of(NSInteger code) {
  NSString *domain = code == CANCELLED ? NSCocoaErrorDomain : @"NSItemProviderErrorDomain";
  return [NSError errorWithDomain:domain code:code userInfo:@{@"NSLocalizedDescription" : @"IMG_4711.HEIC of Anna"}];
}

// What a provider's methods do on iOS. It has no ivars of its own: the methods are given to NSItemProvider.
@interface PhoneItemProvider : NSObject <PickedItemProvider>
@end

@implementation PhoneItemProvider

- (instancetype)init {
  return [super init];
}

// Runs on a queue of its own, a moment later: error 0 where there is a file.
static NSProgress *load(id provider, void (^then)(NSString *path, NSError *error)) {
  LoadProgress *progress = [[LoadProgress new] autorelease];
  dispatch_async(dispatch_get_global_queue(QOS_CLASS_DEFAULT, 0), ^{
    usleep(20000);
    NSString *path = objc_getAssociatedObject(provider, &path_key);
    BOOL there = [[NSFileManager defaultManager] fileExistsAtPath:path];
    NSError *error = [progress isCancelled] ? error_of(CANCELLED) : there ? nil : error_of(UNAVAILABLE);
    then(error == nil ? path : nil, error);
  });
  return (id)progress;
}

static NSProgress *load_file(id provider, BOOL in_place, void (^handler)(NSURL *, bool, NSError *)) {
  return load(provider, ^(NSString *path, NSError *error) {
    NSString *to = path;
    if (path != nil && !in_place) {
      to = [NSTemporaryDirectory() stringByAppendingPathComponent:[[NSProcessInfo processInfo] globallyUniqueString]];
      [[NSFileManager defaultManager] copyItemAtPath:path toPath:to error:NULL];
    }
    handler(to == nil ? nil : [NSURL fileURLWithPath:to], in_place, error);
    if (to != nil && !in_place) [[NSFileManager defaultManager] removeItemAtPath:to error:NULL];
  });
}

- (NSProgress *)loadObjectOfClass:(Class)class completionHandler:(void (^)(id, NSError *))handler {
  return [self loadDataRepresentationForTypeIdentifier:@"public.image"
                                     completionHandler:^(NSData *data, NSError *error) {
                                       id object = nil;
                                       if (data != nil && class == [UIImage class])
                                         object = [UIImage imageWithData:data size:CGSizeMake(0, 0)];
                                       else if (data != nil && [class respondsToSelector:@selector(objectWithItemProviderData:
                                                                                                              typeIdentifier:error:)])
                                         object = [(id)class objectWithItemProviderData:data
                                                                         typeIdentifier:@"public.image"
                                                                                  error:NULL];
                                       handler(object, error != nil || object != nil ? error : error_of(WRONG_CLASS));
                                     }];
}

- (NSProgress *)loadDataRepresentationForTypeIdentifier:(NSString *)type
                                      completionHandler:(void (^)(NSData *, NSError *))handler {
  return load(self, ^(NSString *path, NSError *error) {
    handler(path == nil ? nil : [NSData dataWithContentsOfFile:path], error);
  });
}

- (NSProgress *)loadFileRepresentationForTypeIdentifier:(NSString *)type
                                      completionHandler:(void (^)(NSURL *, NSError *))handler {
  return load_file(self, NO, ^(NSURL *file, bool in_place, NSError *error) { handler(file, error); });
}

- (NSProgress *)loadInPlaceFileRepresentationForTypeIdentifier:(NSString *)type
                                             completionHandler:(void (^)(NSURL *, bool, NSError *))handler {
  return load_file(self, YES, handler);
}

- (NSProgress *)loadDataRepresentationForContentType:(id)type completionHandler:(void (^)(NSData *, NSError *))handler {
  return [self loadDataRepresentationForTypeIdentifier:[type identifier] completionHandler:handler];
}

- (NSProgress *)loadFileRepresentationForContentType:(id)type
                                         openInPlace:(bool)open_in_place
                                   completionHandler:(void (^)(NSURL *, bool, NSError *))handler {
  return load_file(self, open_in_place, handler);
}

- (void)loadItemForTypeIdentifier:(NSString *)type
                          options:(NSDictionary *)options
                completionHandler:(void (^)(id, NSError *))handler {
  load(self, ^(NSString *path, NSError *error) {
    if (handler != nil) handler(path == nil ? nil : [NSData dataWithContentsOfFile:path], error);
  });
}

- (void)loadPreviewImageWithOptions:(NSDictionary *)options completionHandler:(void (^)(id, NSError *))handler {
  load(self, ^(NSString *path, NSError *error) {
    handler(path == nil ? nil : [UIImage imageWithData:[NSData dataWithContentsOfFile:path] size:CGSizeMake(0, 0)], error);
  });
}

// As on iOS, a copy offers what the original does and is an object of its own.
- (id)copyWithZone:(NSZone *)zone {
  id copy = [[self class] new];
  objc_setAssociatedObject(copy, &path_key, objc_getAssociatedObject(self, &path_key), OBJC_ASSOCIATION_RETAIN);
  return copy;
}

// GNU's runtime has one class of a name, and keeps a method's first type encoding.
struct method_of_gnu {
  SEL name;
  const char *types;
  IMP code;
};

+ (void)load {
  Class class = NSClassFromString(@"NSItemProvider");
  unsigned count = 0;
  Method *methods = class_copyMethodList(self, &count);
  for (unsigned i = 0; i < count; i++) {
    SEL name = method_getName(methods[i]);
    class_replaceMethod(class, name, method_getImplementation(methods[i]), method_getTypeEncoding(methods[i]));
    ((struct method_of_gnu *)class_getInstanceMethod(class, name))->types = method_getTypeEncoding(methods[i]);
  }
  free(methods);
}

@end

id<PickedItemProvider> item_provider_of_file(NSString *path) {
  id provider = [[NSClassFromString(@"NSItemProvider") new] autorelease];
  objc_setAssociatedObject(provider, &path_key, path, OBJC_ASSOCIATION_RETAIN);
  return provider;
}

NSString *item_provider_path(id provider) { return objc_getAssociatedObject(provider, &path_key); }
