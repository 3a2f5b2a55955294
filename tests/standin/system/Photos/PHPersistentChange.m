#import "PHPersistentChange.h"
#import "PHPhotosError.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>

static NSSet *local_identifiers(NSArray *uuids) {
  NSMutableSet *identifiers = [NSMutableSet set];
  for (NSString *uuid in uuids) [identifiers addObject:[uuid stringByAppendingString:@"/L0/001"]];
  return identifiers;
}

@implementation PHPersistentChangeToken

+ (instancetype)tokenWith:(long)token {
  PHPersistentChangeToken *made = [[self new] autorelease];
  made->_token = token;
  return made;
}

- (id)copyWithZone:(NSZone *)zone {
  return [self retain];
}

- (long)token {
  return _token;
}

@end

@implementation PHPersistentObjectChangeDetails

+ (instancetype)detailsOf:(NSDictionary *)change {
  PHPersistentObjectChangeDetails *details = [[self new] autorelease];
  details->_change = [change retain];
  return details;
}

- (void)dealloc {
  [_change release];
  [super dealloc];
}

- (NSInteger)objectType {
  return 1;
}

- (NSSet *)insertedLocalIdentifiers {
  return local_identifiers([[_change objectForKey:@"inserted"] valueForKey:@"uuid"]);
}

- (NSSet *)updatedLocalIdentifiers {
  return [NSSet set];
}

- (NSSet *)deletedLocalIdentifiers {
  return local_identifiers([_change objectForKey:@"deleted"]);
}

@end

@implementation PHPersistentChange

+ (instancetype)changeOf:(NSDictionary *)change {
  PHPersistentChange *made = [[self new] autorelease];
  made->_change = [change retain];
  return made;
}

- (void)dealloc {
  [_change release];
  [super dealloc];
}

- (PHPersistentChangeToken *)changeToken {
  return [PHPersistentChangeToken tokenWith:[[_change objectForKey:@"token"] longValue]];
}

- (PHPersistentObjectChangeDetails *)changeDetailsForObjectType:(NSInteger)type error:(NSError **)error {
  return type == 1 ? [PHPersistentObjectChangeDetails detailsOf:_change] : nil;
}

@end

@implementation PHPersistentChangeFetchResult

+ (instancetype)resultOf:(NSArray *)changes {
  PHPersistentChangeFetchResult *result = [[self new] autorelease];
  result->_changes = [changes copy];
  return result;
}

- (void)dealloc {
  [_changes release];
  [super dealloc];
}

- (void)enumerateChangesWithBlock:(void (^)(PHPersistentChange *, bool *))block {
  bool stop = false;
  for (NSDictionary *change in _changes) {
    block([PHPersistentChange changeOf:change], &stop);
    if (stop) return;
  }
}

@end

@implementation PHPhotoLibrary (History)

- (PHPersistentChangeToken *)currentChangeToken {
  return [PHPersistentChangeToken tokenWith:[[[self photoLibrary] contents] token]];
}

- (PHPersistentChangeFetchResult *)fetchPersistentChangesSinceToken:(PHPersistentChangeToken *)token
                                                              error:(NSError **)error {
  PLAssetsdClient *assetsd = [[[self photoLibrary] libraryBundle] assetsdClient];
  NSArray *changes = [[assetsd request:@{@"do" : @"history", @"since" : @([token token])}] objectForKey:@"changes"];
  if (changes == nil && error != NULL) *error = PHPhotosErrorOf(PHPhotosErrorAccessUserDenied);
  return changes == nil ? nil : [PHPersistentChangeFetchResult resultOf:changes];
}

@end
