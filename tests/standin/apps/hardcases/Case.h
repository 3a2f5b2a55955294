// One case is a function; an order names it: {"do": "case", "name": "proxy", …}.
#import "../common/Reader.h"
#import "../common/Witness.h"
#import <Photos/Photos.h>
#import <UIKit/UIKit.h>

typedef NSDictionary *(*hard_case)(NSDictionary *order);

struct named_case {
  const char *name;
  hard_case function;
};

// Each file has one, ended by a null name.
extern const struct named_case OBSERVER_CASES[], RUNTIME_CASES[], REQUEST_CASES[], HANDOFF_CASES[], LIBRARY_CASES[],
    LOAD_CASES[], TAIL_CASES[], WAKE_CASES[], INPUT_CASES[], LIFECYCLE_CASES[], ENCODING_CASES[], PATH_CASES[], BAD_CASES[],
    SWIZZLE_CASES[], UPLOAD_CASES[], PICKER_CASES[], PROPERTY_CASES[], QUERY_CASES[], ABI_CASES[];

// Keeps an object for the life of the process, registers it, and writes both down.
void case_observe(id observer);
// The newest asset whose requests end in that way; null: as they should.
PHAsset *case_asset(NSString *behaviour);
// A key was pressed. The app's state changes, or it is called for something; where: the method or notification.
void case_key(void);
void case_lifecycle(NSString *where);
// What to pass as a handler: the block, or, where the order says "short", one whose code is too short to hook and that calls it.
id case_handler(id block);
// A handler that only returns, and is too short to hook. small: its descriptor is of the kind that is laid out otherwise.
id case_nothing_handler(BOOL small);
extern BOOL case_has_short_handlers;
