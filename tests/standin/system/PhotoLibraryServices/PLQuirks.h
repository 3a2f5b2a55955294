#import <Foundation/Foundation.h>

// Whether this phone is otherwise than assumed in the named way: settings.py, QUIRKS. On iOS there is no such thing.
bool pl_quirk(const char *name);
