#import "BGTaskScheduler.h"

@implementation BGTask

+ (instancetype)taskWithIdentifier:(NSString *)identifier {
  BGTask *task = [[self new] autorelease];
  task->_identifier = [identifier copy];
  return task;
}

- (void)dealloc {
  [_identifier release];
  [super dealloc];
}

- (NSString *)identifier {
  return _identifier;
}

- (void)setTaskCompletedWithSuccess:(bool)success {
}

@end

@implementation BGTaskScheduler

+ (BGTaskScheduler *)sharedScheduler {
  static BGTaskScheduler *shared;
  static dispatch_once_t once;
  dispatch_once(&once, ^{ shared = [self new]; });
  return shared;
}

- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _handlers = [NSMutableDictionary new];
  return self;
}

- (bool)registerForTaskWithIdentifier:(NSString *)identifier
                           usingQueue:(id)queue
                        launchHandler:(void (^)(BGTask *))handler {
  [_handlers setObject:[[handler copy] autorelease] forKey:identifier];
  return true;
}

- (bool)submitTaskRequest:(id)request error:(NSError **)error {
  return true;
}

// The system's side: the task's time has come.
- (void)launchTaskWithIdentifier:(NSString *)identifier {
  void (^handler)(BGTask *) = [_handlers objectForKey:identifier];
  if (handler == nil) return;
  dispatch_async(dispatch_get_global_queue(QOS_CLASS_BACKGROUND, 0),
                 ^{ handler([BGTask taskWithIdentifier:identifier]); });
}

@end
