#import "PAApplication.h"

// Source: class dumps of 15.6 to 18.
typedef NS_ENUM(NSInteger, PAAccessKind) {
  PAAccessKindEvent = 1,
  PAAccessKindIntervalBegin = 2,
  PAAccessKindIntervalEnd = 3,
};

// One access, or the begin or end of the interval that stands for many.
@interface PAAccess : NSObject {
  PAApplication *_accessor;
  NSUUID *_identifier;
  NSInteger _kind;
  double _timestampAdjustment;
}

- (instancetype)initWithAccessor:(PAApplication *)accessor;
- (instancetype)initWithAccessor:(PAApplication *)accessor identifier:(NSUUID *)identifier kind:(NSInteger)kind;
- (PAApplication *)accessor;
- (NSUUID *)identifier;
- (NSInteger)kind;
- (NSString *)category;
- (double)timestampAdjustment;
- (void)setTimestampAdjustment:(double)seconds;
- (NSDictionary *)JSONObject;

// The same access under another kind and, for a second begin, another identifier.
- (instancetype)accessWithKind:(NSInteger)kind identifier:(NSUUID *)identifier;
// Two accesses that match coalesce: same accessor, class and service.
- (NSString *)matcher;

@end
