#import "PAOutOfProcessPickerAccess.h"

@implementation PAOutOfProcessPickerAccess

+ (instancetype)accessWithAccessor:(PAApplication *)accessor forType:(NSInteger)type {
  PAOutOfProcessPickerAccess *access = [[[self alloc] initWithAccessor:accessor] autorelease];
  access->_pickerType = type;
  return access;
}

+ (instancetype)accessWithAuditToken:(audit_token_t)token forType:(NSInteger)type {
  return [self accessWithAccessor:[PAApplication applicationWithAuditToken:token] forType:type];
}

- (NSInteger)pickerType {
  return _pickerType;
}

- (NSString *)category {
  return _pickerType == 2 ? @"contacts" : @"photos";
}

- (NSDictionary *)JSONObject {
  NSMutableDictionary *object = [[[super JSONObject] mutableCopy] autorelease];
  [object setObject:[NSNumber numberWithBool:YES] forKey:@"outOfProcess"];
  return object;
}

- (instancetype)accessWithKind:(NSInteger)kind identifier:(NSUUID *)identifier {
  PAOutOfProcessPickerAccess *access = [super accessWithKind:kind identifier:identifier];
  access->_pickerType = _pickerType;
  return access;
}

@end
