// Getters of photos that are counted: directly, through key-value coding, in a log, from many threads, and where one throws.
#import "Case.h"
#include <pthread.h>

// As the newest SDK declares them, and what apps read that no SDK declares: the app runs on every version.
@interface PHAsset (AnyVersion)
- (NSString *)filename;
- (NSString *)originalFilename;
- (NSString *)adjustmentFormatIdentifier;
- (id)extendedMetadata;
@end

@interface PHAssetResource (AnyVersion)
- (NSString *)filename;
- (NSNumber *)dataSize;
- (NSUInteger)fileSize;
@end

struct job {
  NSArray *photos;
  NSString *name, *how;
  long times, thrown;
};

static void read_one(id photo, NSString *name, NSString *how) {
  if ([how isEqualToString:@"key"]) [photo valueForKey:name];
  else if ([how isEqualToString:@"log"]) [photo description];
  else if ([how isEqualToString:@"predicate"])
    [@[photo] filteredArrayUsingPredicate:[NSPredicate predicateWithFormat:@"%K == nil", name]];
  else if ([name isEqualToString:@"location"]) [photo location];
  else if ([name isEqualToString:@"filename"]) [photo filename];
  else if ([name isEqualToString:@"originalFilename"]) [photo originalFilename];
  else if ([name isEqualToString:@"adjustmentFormatIdentifier"]) [photo adjustmentFormatIdentifier];
  else if ([name isEqualToString:@"extendedMetadata"]) [photo extendedMetadata];
  else if ([name isEqualToString:@"dataSize"]) [photo dataSize];
  else if ([name isEqualToString:@"fileSize"]) [photo fileSize];
}

static void *work(void *context) {
  struct job *job = context;
  for (long i = 0; i < job->times; i++) {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    for (id photo in job->photos) {
      @try {
        read_one(photo, job->name, job->how);
      } @catch (NSException *problem) {
        job->thrown++;
      }
    }
    [pool release];
  }
  return NULL;
}

// The photos, or their files; own: a fetch for each, so that one photo has several objects.
static NSArray *subjects(NSDictionary *order) {
  NSMutableArray *found = [NSMutableArray array];
  for (long i = [[order objectForKey:@"made"] integerValue]; i > 0; i--)
    [found addObject:[[[PHAsset alloc] initWithUUID:[NSString stringWithFormat:@"%08lX-0000-4000-8000-000000000000", i]] autorelease]];
  if ([found count] > 0) return found;
  long copies = MAX(1, [[order objectForKey:@"copies"] integerValue]);
  long most = [order objectForKey:@"photos"] == nil ? 1000 : [[order objectForKey:@"photos"] integerValue];
  for (long i = 0; i < copies; i++) {
    PHFetchResult *photos = [PHAsset fetchAssetsWithOptions:nil];
    for (NSUInteger j = 0; j < [photos count] && j < (NSUInteger)most; j++) {
      PHAsset *photo = [photos objectAtIndex:j];
      BOOL files = [[order objectForKey:@"files"] boolValue];
      [found addObject:files ? [[PHAssetResource assetResourcesForAsset:photo] objectAtIndex:0] : photo];
    }
  }
  return found;
}

// property: its name. how: key, log, predicate, or by its method. times, threads, photos, copies, files; made: so many of no library.
static NSDictionary *properties(NSDictionary *order) {
  long threads = MAX(1, [[order objectForKey:@"threads"] integerValue]);
  struct job jobs[16];
  pthread_t made[16];
  NSArray *photos = subjects(order);
  long calls = 0, thrown = 0;
  for (long i = 0; i < threads && i < 16; i++) {
    jobs[i] = (struct job){photos, [order objectForKey:@"property"], [order objectForKey:@"how"],
                           MAX(1, [[order objectForKey:@"times"] integerValue]), 0};
    if (threads > 1) pthread_create(&made[i], NULL, work, &jobs[i]);
    else work(&jobs[i]);
  }
  for (long i = 0; i < threads && i < 16; i++) {
    if (threads > 1) pthread_join(made[i], NULL);
    calls += jobs[i].times * [photos count];
    thrown += jobs[i].thrown;
  }
  NSSet *distinct = [NSSet setWithArray:[photos valueForKey:[[order objectForKey:@"files"] boolValue] ? @"assetLocalIdentifier" : @"localIdentifier"]];
  return @{@"calls" : @(calls), @"assets" : @([distinct count]), @"thrown" : @(thrown)};
}

// In the handling of each change, the place of every photo. quiet: it waits with that for so many seconds.
@interface PlaceObserver : NSObject <PHPhotoLibraryChangeObserver>
@end

@implementation PlaceObserver

- (void)photoLibraryDidChange:(PHChange *)change {
  PHFetchResult *photos = [PHAsset fetchAssetsWithOptions:nil];
  for (NSUInteger i = 0; i < [photos count]; i++) [[photos objectAtIndex:i] location];
  witness_note(@"places", @{@"count" : @([photos count])});
}

@end

static NSDictionary *place_observer(NSDictionary *order) {
  case_observe([[PlaceObserver new] autorelease]);
  return @{};
}

// One that reads its own place as it goes.
@interface ParentAsset : PHAsset
@end

@implementation ParentAsset

- (void)dealloc {
  [self location];
  [super dealloc];
}

@end

static NSDictionary *property_at_the_end(NSDictionary *order) {
  PHAsset *photo = case_asset(nil);
  NSAutoreleasePool *pool = [NSAutoreleasePool new];
  for (int i = 0; i < 100; i++) [ParentAsset assetWithRow:[photo row]];
  [pool release];
  return @{@"calls" : @(100)};
}

const struct named_case PROPERTY_CASES[] = {{"properties", properties},
                                            {"place-observer", place_observer},
                                            {"property-at-the-end", property_at_the_end},
                                            {NULL, NULL}};
