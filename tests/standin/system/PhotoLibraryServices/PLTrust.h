// tccd's answers: what a person has permitted. Without a tccd (an app started by hand) everything is permitted.
#import <Foundation/Foundation.h>

NSInteger pl_trust_status(NSString *bundleID, BOOL prompt);
