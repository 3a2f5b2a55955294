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
    LOAD_CASES[], TAIL_CASES[], WAKE_CASES[], ENCODING_CASES[], PATH_CASES[], BAD_CASES[];

// Keeps an object for the life of the process, registers it, and writes both down.
void case_observe(id observer);
// The newest asset whose requests end in that way; null: as they should.
PHAsset *case_asset(NSString *behaviour);
