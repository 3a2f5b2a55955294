#import "AssetStore.h"
#include <stdlib.h>

static NSString *media_folder(void) {
  const char *root = getenv("STANDIN_ROOT");
  return [NSString stringWithFormat:@"%s/var/mobile/Media/DCIM", root == NULL ? "" : root];
}

@implementation AssetStore

// library.json, written by the build, describes every file; it stands in for Photos.sqlite.
- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _rows = [NSMutableArray new];
  _history = [NSMutableArray new];
  NSData *text = [NSData dataWithContentsOfFile:[media_folder() stringByAppendingPathComponent:@"library.json"]];
  _sources = text == nil ? @[] : [[NSJSONSerialization JSONObjectWithData:text options:0 error:NULL] retain];
  for (NSDictionary *source in _sources) [_rows addObject:[self rowFrom:source with:@{}]];
  return self;
}

- (NSDictionary *)rowFrom:(NSDictionary *)source with:(NSDictionary *)attributes {
  NSMutableDictionary *row = [[source mutableCopy] autorelease];
  for (NSString *key in source)
    if ([attributes objectForKey:key] != nil) [row setObject:[attributes objectForKey:key] forKey:key];
  for (NSString *key in @[ @"file", @"complement_file" ]) {
    NSString *name = [row objectForKey:key];
    NSString *path = name == nil ? nil : [media_folder() stringByAppendingPathComponent:name];
    if (path != nil) [row setObject:path forKey:[key isEqualToString:@"file"] ? @"path" : @"complement"];
  }
  [row setObject:[attributes objectForKey:@"uuid"] ?: [[NSUUID UUID] UUIDString] forKey:@"uuid"];
  if ([attributes objectForKey:@"do"] != nil)
    [row setObject:@([[NSDate date] timeIntervalSince1970]) forKey:@"created_s"];
  return row;
}

- (NSArray *)albums {
  NSMutableArray *uuids = [NSMutableArray array];
  for (NSDictionary *row in _rows)
    if ([[row objectForKey:@"favorite"] boolValue]) [uuids addObject:[row objectForKey:@"uuid"]];
  return @[
    @{
      @"class" : @"PHAssetCollection",
      @"uuid" : @"A1B0A1B0-0000-4000-8000-000000000001",
      @"title" : @"Holiday",
      @"assets" : uuids
    },
    @{
      @"class" : @"PHCollectionList",
      @"uuid" : @"A1B0A1B0-0000-4000-8000-000000000002",
      @"title" : @"Folder",
      @"assets" : @[]
    },
  ];
}

- (NSDictionary *)contents {
  return @{@"assets" : _rows, @"albums" : [self albums], @"token" : @(_token)};
}

- (NSDictionary *)insert:(NSDictionary *)attributes {
  NSString *file = [attributes objectForKey:@"file"];
  NSDictionary *source = [_sources objectAtIndex:_token % [_sources count]];
  for (NSDictionary *candidate in _sources)
    if (file != nil && [[candidate objectForKey:@"file"] isEqualToString:file]) source = candidate;
  NSDictionary *row = [self rowFrom:source with:attributes];
  [_rows addObject:row];
  return [self changeWithInserted:@[ row ] deleted:@[]];
}

- (NSDictionary *)changeWithInserted:(NSArray *)inserted deleted:(NSArray *)deleted {
  NSDictionary *change = @{@"inserted" : inserted, @"deleted" : deleted, @"token" : @(++_token)};
  [_history addObject:change];
  return change;
}

- (NSDictionary *)deleteNewest:(NSInteger)count {
  NSInteger length = MIN(count, (NSInteger)[_rows count]);
  NSArray *newest = [_rows subarrayWithRange:NSMakeRange([_rows count] - length, length)];
  return [self deleteRows:[newest valueForKey:@"uuid"]];
}

- (NSDictionary *)deleteRows:(NSArray *)uuids {
  NSMutableArray *gone = [NSMutableArray array];
  for (NSDictionary *row in _rows)
    if ([uuids containsObject:[row objectForKey:@"uuid"]]) [gone addObject:row];
  [_rows removeObjectsInArray:gone];
  return [self changeWithInserted:@[] deleted:[gone valueForKey:@"uuid"]];
}

- (NSDictionary *)alter:(NSDictionary *)attributes {
  NSString *uuid = [attributes objectForKey:@"uuid"];
  NSUInteger index = [[_rows valueForKey:@"uuid"] indexOfObject:uuid];
  if (index == NSNotFound) return [self changeWithInserted:@[] deleted:@[]];
  NSMutableDictionary *row = [[[_rows objectAtIndex:index] mutableCopy] autorelease];
  for (NSString *key in [row allKeys])
    if ([attributes objectForKey:key] != nil) [row setObject:[attributes objectForKey:key] forKey:key];
  [_rows replaceObjectAtIndex:index withObject:row];
  return [self changeWithInserted:@[ row ] deleted:@[ uuid ]];
}

- (NSArray *)changesSince:(long)token {
  NSMutableArray *changes = [NSMutableArray array];
  for (NSDictionary *change in _history)
    if ([[change objectForKey:@"token"] longValue] > token) [changes addObject:change];
  return changes;
}

@end
