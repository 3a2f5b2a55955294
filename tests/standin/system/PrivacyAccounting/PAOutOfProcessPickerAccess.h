#import "PAAccess.h"

// What a person chose in a picker that runs outside the app. Source: class dump of 17.0.3.
@interface PAOutOfProcessPickerAccess : PAAccess {
  NSInteger _pickerType;
}

+ (instancetype)accessWithAccessor:(PAApplication *)accessor forType:(NSInteger)type;
+ (instancetype)accessWithAuditToken:(audit_token_t)token forType:(NSInteger)type;
- (NSInteger)pickerType;  // 1 photos, 2 contacts

@end
