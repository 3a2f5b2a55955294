// The person is shown the system's picker.
#import <Foundation/Foundation.h>

// The order `pick`. False: not that.
BOOL picker_take_order(NSDictionary *order);
