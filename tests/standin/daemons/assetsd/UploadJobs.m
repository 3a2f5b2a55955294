#import "UploadJobs.h"

enum { REGISTERED = 1, FAILED = 3, SUCCEEDED = 4, CANCELLED = 5 };

@implementation UploadJobs

- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _rows = [NSMutableArray new];
  return self;
}

- (NSArray *)waitingFor:(NSInteger)action of:(NSString *)client {
  NSMutableArray *found = [NSMutableArray array];
  for (NSDictionary *row in _rows) {
    if (![[row objectForKey:@"client"] isEqualToString:client]) continue;
    NSInteger state = [[row objectForKey:@"state"] integerValue];
    if (action == 3 || (action == 2 ? state == FAILED : state == SUCCEEDED || state == CANCELLED)) [found addObject:row];
  }
  return found;
}

- (NSMutableDictionary *)row:(NSString *)uuid of:(NSString *)client {
  for (NSMutableDictionary *row in _rows)
    if ([[row objectForKey:@"uuid"] isEqualToString:uuid] && [[row objectForKey:@"client"] isEqualToString:client]) return row;
  return nil;
}

- (BOOL)take:(NSDictionary *)order of:(NSString *)client {
  NSString *what = [order objectForKey:@"do"];
  NSMutableDictionary *row = [self row:[order objectForKey:@"uuid"] of:client];
  if ([what isEqualToString:@"create-job"]) {
    row = [NSMutableDictionary dictionaryWithDictionary:order];
    [row setObject:client forKey:@"client"];
    [row setObject:@(REGISTERED) forKey:@"state"];
    [_rows addObject:row];
  } else if ([what isEqualToString:@"retry-job"]) {
    if ([order objectForKey:@"address"] != nil) [row setObject:[order objectForKey:@"address"] forKey:@"address"];
    [row setObject:@(REGISTERED) forKey:@"state"];
  } else if ([what isEqualToString:@"cancel-job"]) {
    [row setObject:@(CANCELLED) forKey:@"state"];
  } else if ([what isEqualToString:@"acknowledge-job"]) {
    [_rows removeObject:row];
  } else {
    return NO;
  }
  return YES;
}

- (void)finish:(BOOL)success {
  for (NSMutableDictionary *row in _rows)
    if ([[row objectForKey:@"state"] integerValue] == REGISTERED)
      [row setObject:@(success ? SUCCEEDED : FAILED) forKey:@"state"];
}

@end
