#import "PHPicker.h"
