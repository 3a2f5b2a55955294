#import <Foundation/Foundation.h>
@class PAAccessLogger, PAAccess;

// An interval that the logger has begun and somebody has to end.
@interface PAAccessInterval : NSObject {
  PAAccessLogger *_logger;
  PAAccess *_slot;
}

- (instancetype)initWithLogger:(PAAccessLogger *)logger slot:(PAAccess *)slot;
- (PAAccess *)slot;
- (void)end;
- (void)endWithTimestampAdjustment:(double)seconds;

@end
