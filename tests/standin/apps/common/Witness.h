// The app's own account of what it did on purpose: one line of JSON before each call, in the folder of the run.
// It knows nothing of any agent. Numbers count from 1 within the process; 0 is none.
#import <Foundation/Foundation.h>

// Depth: open, metadata, thumbnail, data, upload, write, picker. The enclosing notification is that of the calling thread.
long witness_call(NSString *symbol, NSString *depth);
void witness_delivery(long call, NSInteger bytes, BOOL degraded);  // bytes < 0: not data
long witness_notification(NSString *observer_class);
void witness_notification_ends(void);
long witness_current_notification(void);
// What this thread does from now on is because of that notification (0: of none): for work that a callback handed on.
void witness_act_for(long notification);
// What set off what this thread does from now on, apart from a notification: launch, touch, activation, or nil for nothing.
// A constant string: it is kept by its address.
void witness_set_off_by(NSString *trigger);
NSString *witness_trigger(void);
// Anything else worth keeping.
void witness_note(NSString *what, NSDictionary *details);
