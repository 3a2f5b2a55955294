// Queries whose predicates are hard to read: nested, deep, wide, with functions, subqueries and code, and of the app's own classes.
#import "Case.h"

// A predicate of the app's own, which throws where anything but the system asks it.
@interface OwnPredicate : NSPredicate
@end

static int asked;

@implementation OwnPredicate

- (NSString *)predicateFormat {
  asked++;
  [NSException raise:NSGenericException format:@"not for others"];
  return nil;
}

- (NSArray *)subpredicates {
  return (id)[self predicateFormat];
}

- (BOOL)evaluateWithObject:(id)object {
  return YES;
}

@end

@interface OwnOptions : PHFetchOptions
@end

@implementation OwnOptions

- (NSPredicate *)predicate {
  asked++;
  return [super predicate];
}

@end

static NSPredicate *test(NSExpression *left) {
  return [NSComparisonPredicate predicateWithLeftExpression:left
                                            rightExpression:[NSExpression expressionForConstantValue:@"secret"]
                                                   modifier:NSDirectPredicateModifier
                                                       type:NSNotEqualToPredicateOperatorType
                                                    options:0];
}

static NSPredicate *key(NSString *name) { return test([NSExpression expressionForKeyPath:name]); }

static NSPredicate *predicate_of(NSString *kind) {
  if ([kind isEqualToString:@"compound"])
    return [NSCompoundPredicate orPredicateWithSubpredicates:@[
      key(@"creationDate"), [NSCompoundPredicate notPredicateWithSubpredicate:key(@"location.latitude")],
      [NSPredicate predicateWithValue:YES]
    ]];
  if ([kind isEqualToString:@"self"]) return test([NSExpression expressionForEvaluatedObject]);
  if ([kind isEqualToString:@"variable"]) return test([NSExpression expressionForVariable:@"secret"]);
  // GNUstep names functions without the colon.
  if ([kind isEqualToString:@"function"])
    return test([NSExpression expressionForFunction:@"max" arguments:@[ [NSExpression expressionForKeyPath:@"duration"] ]]);
  if ([kind isEqualToString:@"list"])
    return [NSComparisonPredicate predicateWithLeftExpression:[NSExpression expressionForKeyPath:@"mediaType"]
                                              rightExpression:[NSExpression expressionForConstantValue:@[ @"secret", @"anna" ]]
                                                     modifier:NSDirectPredicateModifier
                                                         type:NSInPredicateOperatorType
                                                      options:0];
  if ([kind isEqualToString:@"block"])
    return [NSPredicate predicateWithBlock:^BOOL(id object, NSDictionary *bindings) { return YES; }];
  if ([kind isEqualToString:@"own"]) return [[OwnPredicate new] autorelease];
  if ([kind isEqualToString:@"strange-keys"])
    return [NSCompoundPredicate andPredicateWithSubpredicates:@[
      key(@"a\n{\"kind\":\"lost\"}"), key(@"位置"), key([@"" stringByPaddingToLength:5000 withString:@"k" startingAtIndex:0])
    ]];
  if ([kind isEqualToString:@"deep"]) {
    NSPredicate *all = key(@"creationDate");
    for (int i = 0; i < 2000; i++) all = [NSCompoundPredicate andPredicateWithSubpredicates:@[ key(@"duration"), all ]];
    return all;
  }
  if ([kind isEqualToString:@"wide"]) {
    NSMutableArray *all = [NSMutableArray array];
    for (int i = 0; i < 5000; i++) [all addObject:key([NSString stringWithFormat:@"key%d", i])];
    return [NSCompoundPredicate andPredicateWithSubpredicates:all];
  }
  return nil;
}

// kind: of the predicate, else null. sort: keys. own: options of the app's own class. The library is not asked: it may not know such keys.
static NSDictionary *query(NSDictionary *order) {
  PHFetchOptions *options = [[order objectForKey:@"own"] boolValue] ? [OwnOptions new] : [PHFetchOptions new];
  NSMutableArray *sort = [NSMutableArray array];
  for (NSString *key in [order objectForKey:@"sort"])
    [sort addObject:[NSSortDescriptor sortDescriptorWithKey:key ascending:YES]];
  NSPredicate *predicate = predicate_of([order objectForKey:@"kind"]);
  [options setPredicate:predicate];
  if ([sort count] > 0) [options setSortDescriptors:sort];
  asked = 0;
  [PHAsset fetchAssetsWithLocalIdentifiers:@[] options:options];
  int asked_then = asked;
  [options release];
  return @{@"asked" : @(asked_then)};
}

const struct named_case QUERY_CASES[] = {{"query", query}, {NULL, NULL}};
