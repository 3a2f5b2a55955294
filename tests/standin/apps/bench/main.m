// bench: calls one method many times from many threads, counts what it did and how long each call took.
#import "Workload.h"
#import "../common/Reader.h"
#import <UIKit/UIKit.h>

@interface BenchDelegate : NSObject <UIApplicationDelegate>
@end

@implementation BenchDelegate

- (NSDictionary *)takeOrder:(NSDictionary *)order {
  if ([[order objectForKey:@"do"] isEqualToString:@"call"]) return workload_run(order);
  reader_take_order(order);
  return nil;
}

@end

int main(int argc, char *argv[]) { return UIApplicationMain(argc, argv, nil, @"BenchDelegate"); }
