// Observers of every shape.
#import "Case.h"
#include <unistd.h>

@interface PlainObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation PlainObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  witness_notification(NSStringFromClass([self class]));
  reader_fetch();
  witness_notification_ends();
}

@end

// Has no callback of its own.
@interface InheritingObserver : PlainObserver
@end

@implementation InheritingObserver
@end

// Overrides and calls super: one delivery, two implementations.
@interface OverridingObserver : PlainObserver
@end

@implementation OverridingObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  [super photoLibraryDidChange:change];
}

@end

// An NSProxy: every message goes through the forwarding machinery to a target.
@interface ObserverProxy : NSProxy {
  id _target;
}
@end

@implementation ObserverProxy

- (id)initWithTarget:(id)target {
  _target = [target retain];
  return self;
}

- (void)dealloc {
  [_target release];
  [super dealloc];
}

- (NSMethodSignature *)methodSignatureForSelector:(SEL)selector {
  return [_target methodSignatureForSelector:selector];
}

- (void)forwardInvocation:(NSInvocation *)invocation {
  [invocation invokeWithTarget:_target];
}

@end

// A plain object that forwards what it does not know.
@interface ForwardingObserver : NSObject {
  id _target;
}
@end

@implementation ForwardingObserver

- (id)initWithTarget:(id)target {
  if ((self = [super init]) == nil) return nil;
  _target = [target retain];
  return self;
}

- (void)dealloc {
  [_target release];
  [super dealloc];
}

- (BOOL)respondsToSelector:(SEL)selector {
  return [super respondsToSelector:selector] || [_target respondsToSelector:selector];
}

- (NSMethodSignature *)methodSignatureForSelector:(SEL)selector {
  return [super methodSignatureForSelector:selector] ?: [_target methodSignatureForSelector:selector];
}

- (void)forwardInvocation:(NSInvocation *)invocation {
  [invocation invokeWithTarget:_target];
}

@end

// Whoever asks it for anything makes it query the library: a hook that does is entered again on the same thread.
@interface TouchyObserver : PlainObserver
@end

@implementation TouchyObserver

- (Class)class {
  [PHAsset fetchAssetsWithLocalIdentifiers:@[] options:nil];
  return [super class];
}

- (NSString *)description {
  [PHAsset fetchAssetsWithLocalIdentifiers:@[] options:nil];
  return [super description];
}

- (BOOL)respondsToSelector:(SEL)selector {
  [PHAsset fetchAssetsWithLocalIdentifiers:@[] options:nil];
  return [super respondsToSelector:selector];
}

// Its name for the account, without asking the object.
- (void)photoLibraryDidChange:(PHChange *)change {
  witness_notification(@"TouchyObserver");
  witness_notification_ends();
}

@end

// Still in its callback when the hooks are removed.
@interface SlowObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation SlowObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  witness_notification(@"SlowObserver");
  usleep(500000);
  reader_fetch();
  witness_notification_ends();
}

@end

// Looks at what has changed, in the callback.
@interface DetailsObserver : NSObject <PHPhotoLibraryChangeObserver> {
  PHFetchResult *_assets;
}
@end

@implementation DetailsObserver

- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _assets = [reader_fetch() retain];
  return self;
}

- (void)photoLibraryDidChange:(PHChange *)change {
  witness_notification(@"DetailsObserver");
  PHFetchResultChangeDetails *details = [change changeDetailsForFetchResult:_assets];
  witness_note(@"details",
               @{@"inserted" : @([[details insertedObjects] count]), @"removed" : @([[details removedObjects] count])});
  if (details != nil) {
    [_assets autorelease];
    _assets = [[details fetchResultAfterChanges] retain];
  }
  witness_notification_ends();
}

@end

@interface AvailabilityObserver : NSObject <PHPhotoLibraryAvailabilityObserver>
@end

@implementation AvailabilityObserver

- (void)photoLibraryDidBecomeUnavailable:(PHPhotoLibrary *)library {
  witness_notification(@"AvailabilityObserver");
  witness_notification_ends();
}

@end

// 27: is called when there is something new in the history, and reads which.
@interface HistoryObserver : NSObject <PHPhotoLibraryPersistentChangesObserver>
@end

@implementation HistoryObserver

- (void)photoLibraryPersistentChangesDidUpdate:(PHPhotoLibrary *)library {
  witness_notification(@"HistoryObserver");
  reader_fetch();
  witness_notification_ends();
}

@end

// Observes both.
@interface BothObserver : HistoryObserver <PHPhotoLibraryChangeObserver>
@end

@implementation BothObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  witness_notification(@"BothObserver");
  witness_notification_ends();
}

@end

static id plain(void) { return [[PlainObserver new] autorelease]; }

static NSDictionary *inherit(NSDictionary *order) {
  case_observe([[InheritingObserver new] autorelease]);
  return nil;
}

static NSDictionary * override(NSDictionary *order) {
  case_observe([[OverridingObserver new] autorelease]);
  return nil;
}

static NSDictionary *proxy(NSDictionary *order) {
  case_observe([[[ObserverProxy alloc] initWithTarget:plain()] autorelease]);
  return nil;
}

static NSDictionary *forward(NSDictionary *order) {
  case_observe([[[ForwardingObserver alloc] initWithTarget:plain()] autorelease]);
  return nil;
}

static NSDictionary *twice(NSDictionary *order) {
  id observer = plain();
  case_observe(observer);
  case_observe(observer);
  return nil;
}

// Nobody but this function holds it; it goes without a word.
static NSDictionary *dies(NSDictionary *order) {
  PlainObserver *observer = [PlainObserver new];
  reader_register(observer);
  [observer release];
  return nil;
}

static NSDictionary *leaves(NSDictionary *order) {
  PlainObserver *observer = [PlainObserver new];
  reader_register(observer);
  reader_unregister(observer);
  [observer release];
  return nil;
}

static NSDictionary *touchy(NSDictionary *order) {
  case_observe([[TouchyObserver new] autorelease]);
  return nil;
}

static NSDictionary *slow(NSDictionary *order) {
  case_observe([[SlowObserver new] autorelease]);
  return nil;
}

static NSDictionary *details(NSDictionary *order) {
  case_observe([[DetailsObserver new] autorelease]);
  return nil;
}

static NSDictionary *availability(NSDictionary *order) {
  witness_call(@"-[PHPhotoLibrary registerAvailabilityObserver:]", @"open");
  [[PHPhotoLibrary sharedPhotoLibrary] registerAvailabilityObserver:[AvailabilityObserver new]];
  return nil;
}

// Many observers of one class at once: `count`.
static NSDictionary *many(NSDictionary *order) {
  for (NSInteger i = 0; i < [[order objectForKey:@"count"] integerValue]; i++) case_observe(plain());
  return nil;
}

// By the private way, as Apple's own apps have one of theirs.
@interface PHPhotoLibrary (Tables)
- (void)_addObservers:(NSArray *)observers authorizationStatus:(PHAuthorizationStatus)status;
- (void)_addChangeObservers:(NSArray *)observers authorizationStatus:(PHAuthorizationStatus)status;
- (void)_addPersistentChangesObservers:(NSArray *)observers authorizationStatus:(PHAuthorizationStatus)status;
@end

static NSDictionary *privately(NSDictionary *order) {
  static id kept;
  PHPhotoLibrary *library = [PHPhotoLibrary sharedPhotoLibrary];
  if ([[order objectForKey:@"history"] boolValue]) {
    kept = [HistoryObserver new];
    [library _addPersistentChangesObservers:@[ kept ] authorizationStatus:3];
    return nil;
  }
  kept = [PlainObserver new];
  if ([library respondsToSelector:@selector(_addChangeObservers:authorizationStatus:)])
    [library _addChangeObservers:@[ kept ] authorizationStatus:3];
  else
    [library _addObservers:@[ kept ] authorizationStatus:3];
  return nil;
}

// An app is built with the newest SDK, and runs on every version.
@interface PHPhotoLibrary (PersistentChanges)
- (void)registerPersistentChangesObserver:(id)observer;
- (void)unregisterPersistentChangesObserver:(id)observer;
@end

// both: the observer observes changes too. leave: it unregisters at once.
static NSDictionary *history(NSDictionary *order) {
  PHPhotoLibrary *library = [PHPhotoLibrary sharedPhotoLibrary];
  if (![library respondsToSelector:@selector(registerPersistentChangesObserver:)]) return @{@"absent" : @(YES)};
  BOOL both = [[order objectForKey:@"both"] boolValue];
  id observer = both ? [BothObserver new] : [HistoryObserver new];
  if (both) reader_register(observer);
  witness_call(@"-[PHPhotoLibrary registerPersistentChangesObserver:]", @"open");
  [library registerPersistentChangesObserver:observer];
  if (![[order objectForKey:@"leave"] boolValue]) return nil;
  witness_call(@"-[PHPhotoLibrary unregisterPersistentChangesObserver:]", @"open");
  [library unregisterPersistentChangesObserver:observer];
  return nil;
}

const struct named_case OBSERVER_CASES[] = {
    {"inherit", inherit}, {"override", override}, {"proxy", proxy},   {"forward", forward},
    {"twice", twice},     {"dies", dies},         {"leaves", leaves}, {"touchy", touchy},
    {"slow", slow},       {"details", details},   {"many", many},     {"availability", availability},
    {"privately", privately}, {"history", history},
    {NULL, NULL},
};
