#import <Foundation/Foundation.h>

typedef struct {
  unsigned int val[8];
} audit_token_t;

// Who accesses. Source: class dumps of 15.6 to 18.
@interface PAApplication : NSObject <NSCopying> {
  NSString *_bundleID;
}

+ (instancetype)applicationWithBundleID:(NSString *)bundleID;
+ (instancetype)applicationWithAuditToken:(audit_token_t)token;
- (NSString *)bundleID;
- (NSDictionary *)JSONObject;

@end

// A token that says which process asks. Here the sixth word is the process id, as on iOS.
audit_token_t PAAuditTokenOfSelf(void);
