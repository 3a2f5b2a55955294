// hardcases: does, when ordered, each of the things that are hard to see rightly.
#import "../common/Picker.h"
#import "Case.h"
#include <stdlib.h>

static const struct named_case *find(const struct named_case *cases, NSString *name) {
  for (; cases->name != NULL; cases++)
    if ([name isEqualToString:[NSString stringWithUTF8String:cases->name]]) return cases;
  return NULL;
}

static NSDictionary *run_case(NSDictionary *order) {
  const struct named_case *all[] = {OBSERVER_CASES, RUNTIME_CASES, REQUEST_CASES, HANDOFF_CASES,
                                    LIBRARY_CASES,  LOAD_CASES,    TAIL_CASES,    WAKE_CASES,    INPUT_CASES,
                                    LIFECYCLE_CASES, ENCODING_CASES, PATH_CASES,   BAD_CASES, UPLOAD_CASES,     SWIZZLE_CASES,
                                    PICKER_CASES,   PROPERTY_CASES, QUERY_CASES,    ABI_CASES};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    const struct named_case *found = find(all[i], [order objectForKey:@"name"]);
    if (found == NULL) continue;
    case_has_short_handlers = [[order objectForKey:@"short"] boolValue];
    witness_note(@"case", @{@"name" : [order objectForKey:@"name"]});
    return found->function(order);
  }
  return @{@"error" : @"no such case"};
}

void case_observe(id observer) {
  static NSMutableArray *kept;
  if (kept == nil) kept = [NSMutableArray new];
  [kept addObject:observer];
  reader_register(observer);
}

@interface HardCasesDelegate : NSObject <UIApplicationDelegate>
@end

@implementation HardCasesDelegate

- (void)application:(UIApplication *)application
    didReceiveRemoteNotification:(NSDictionary *)information
          fetchCompletionHandler:(void (^)(NSUInteger))completion {
  witness_note(@"wake", @{@"reason" : @"push"});
  reader_fetch();
  completion(0);
}

- (void)application:(UIApplication *)application performFetchWithCompletionHandler:(void (^)(NSUInteger))completion {
  witness_note(@"wake", @{@"reason" : @"fetch"});
  reader_fetch();
  completion(0);
}

- (void)application:(UIApplication *)application
    handleEventsForBackgroundURLSession:(NSString *)identifier
                      completionHandler:(void (^)(void))completion {
  witness_note(@"wake", @{@"reason" : @"url-session"});
  reader_fetch();
  completion();
}

- (void)pressesBegan:(NSSet *)presses withEvent:(UIPressesEvent *)event {
  case_key();
}

- (void)applicationDidBecomeActive:(UIApplication *)application {
  case_lifecycle(@"applicationDidBecomeActive:");
}

- (void)applicationDidEnterBackground:(UIApplication *)application {
  case_lifecycle(@"applicationDidEnterBackground:");
}

- (BOOL)application:(UIApplication *)application openURL:(NSURL *)address options:(NSDictionary *)options {
  case_lifecycle(@"application:openURL:options:");
  return YES;
}

- (BOOL)application:(UIApplication *)application
    continueUserActivity:(id)activity
      restorationHandler:(void (^)(NSArray *))handler {
  case_lifecycle(@"application:continueUserActivity:restorationHandler:");
  return YES;
}

- (void)application:(UIApplication *)application
    performActionForShortcutItem:(id)item
               completionHandler:(void (^)(BOOL))completion {
  case_lifecycle(@"application:performActionForShortcutItem:completionHandler:");
}

- (NSDictionary *)takeOrder:(NSDictionary *)order {
  if ([[order objectForKey:@"do"] isEqualToString:@"case"]) return run_case(order);
  reader_take_order(order) || picker_take_order(order);
  return nil;
}

@end

// HARDCASES_APPLICATION: the class of the application.
int main(int argc, char *argv[]) {
  const char *application = getenv("HARDCASES_APPLICATION");
  return UIApplicationMain(argc, argv, application == NULL ? nil : [NSString stringWithUTF8String:application],
                           @"HardCasesDelegate");
}
