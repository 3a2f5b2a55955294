// Change history: how an app learns of changes without an observer. Source: 16.5 SDK.
#import "PHPhotoLibrary.h"

@interface PHPersistentChangeToken : NSObject <NSCopying> {
  long _token;
}

- (long)token;

@end

@interface PHPersistentObjectChangeDetails : NSObject {
  NSDictionary *_change;
}

- (NSInteger)objectType;  // 1 asset
- (NSSet *)insertedLocalIdentifiers;
- (NSSet *)updatedLocalIdentifiers;
- (NSSet *)deletedLocalIdentifiers;

@end

@interface PHPersistentChange : NSObject {
  NSDictionary *_change;
}

- (PHPersistentChangeToken *)changeToken;
- (PHPersistentObjectChangeDetails *)changeDetailsForObjectType:(NSInteger)type error:(NSError **)error;

@end

@interface PHPersistentChangeFetchResult : NSObject {
  NSArray *_changes;
}

- (void)enumerateChangesWithBlock:(void (^)(PHPersistentChange *change, bool *stop))block;

@end

@interface PHPhotoLibrary (History)

- (PHPersistentChangeToken *)currentChangeToken;
- (PHPersistentChangeFetchResult *)fetchPersistentChangesSinceToken:(PHPersistentChangeToken *)token
                                                              error:(NSError **)error;

@end
