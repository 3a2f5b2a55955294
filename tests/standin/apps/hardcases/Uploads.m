// Uploads by the system (iOS 26.1): the app names a destination, and iOS sends the photo. Here every way in which it may not.
#import "../common/Uploads.h"
#import "Case.h"
#include <signal.h>
#include <unistd.h>

// A request class of the app's own, which counts how often it is asked.
@interface AskedRequest : NSMutableURLRequest
@end

static int asked;

@implementation AskedRequest

- (NSURL *)URL {
  asked++;
  return [super URL];
}

@end

static NSString *const ADDRESS = @"https://upload.example:8443/user/anna?token=secret";

// kind: nil, string, own, no-url; otherwise an ordinary request for `address`.
static id destination(NSDictionary *order) {
  NSString *kind = [order objectForKey:@"kind"];
  if ([kind isEqualToString:@"nil"]) return nil;
  if ([kind isEqualToString:@"string"]) return @"https://upload.example/a";
  if ([kind isEqualToString:@"no-url"]) return [[NSMutableURLRequest new] autorelease];
  Class class = [kind isEqualToString:@"own"] ? [AskedRequest class] : [NSMutableURLRequest class];
  return [class requestWithURL:[NSURL URLWithString:[order objectForKey:@"address"] ?: ADDRESS]];
}

static NSDictionary *in_transaction(void (^block)(void)) {
  NSError *error = nil;
  bool done = [[PHPhotoLibrary sharedPhotoLibrary] performChangesAndWait:block error:&error];
  return @{@"done" : @(done), @"error" : @([error code]), @"asked" : @(asked)};
}

// newer: by the method of 26.4. end: kill (in the middle), asset (none).
static NSDictionary *upload(NSDictionary *order) {
  Class<UploadRequests> class = upload_requests();
  NSString *end = [order objectForKey:@"end"];
  if (class == Nil) return @{@"absent" : @(YES)};
  PHAssetResource *resource = [[PHAssetResource assetResourcesForAsset:case_asset(nil)] objectAtIndex:0];
  if ([end isEqualToString:@"asset"]) resource = nil;
  id to = destination(order);
  asked = 0;
  void (^create)(void) = ^{
    if ([[order objectForKey:@"newer"] boolValue])
      [(id)class creationRequestForJobWithDestination:to resource:resource];
    else
      [(id)class createJobWithDestination:to resource:resource];
    if ([end isEqualToString:@"kill"]) {
      usleep(400000);  // what was recorded is sent several times a second
      kill(getpid(), SIGKILL);
    }
  };
  return in_transaction(create);
}

// action: which jobs. then: retry (to `address`), retry-same, acknowledge or cancel.
static NSDictionary *change_jobs(NSDictionary *order) {
  PHFetchResult *jobs = [(id)upload_jobs() fetchJobsWithAction:[[order objectForKey:@"action"] integerValue] options:nil];
  NSString *then = [order objectForKey:@"then"];
  NSDictionary *result = in_transaction(^{
    for (NSUInteger i = 0; i < [jobs count]; i++) {
      id request = [(id)upload_requests() changeRequestForUploadJob:[jobs objectAtIndex:i]];
      if ([then isEqualToString:@"retry"]) [request retryWithDestination:destination(order)];
      if ([then isEqualToString:@"retry-same"]) [request retryWithDestination:nil];
      if ([then isEqualToString:@"acknowledge"]) [request acknowledge];
      if ([then isEqualToString:@"cancel"]) [request cancel];
    }
  });
  return @{@"jobs" : @([jobs count]), @"done" : [result objectForKey:@"done"]};
}

static NSDictionary *download(NSDictionary *order) {
  PHAssetResource *resource = [[PHAssetResource assetResourcesForAsset:case_asset(nil)] objectAtIndex:0];
  return in_transaction(^{ [(id)upload_requests() creationRequestForDownloadJobWithResource:resource]; });
}

// how: set, unset (26.1); enable, enable-options, options, disable (27).
static NSDictionary *switch_uploads(NSDictionary *order) {
  PHPhotoLibrary *library = [PHPhotoLibrary sharedPhotoLibrary];
  NSString *how = [order objectForKey:@"how"];
  id options = [[NSClassFromString(@"PHAssetResourceUploadJobOptions") new] autorelease];
  NSError *error = nil;
  bool done = false;
  if ([how isEqualToString:@"set"]) done = [library setUploadJobExtensionEnabled:true error:&error];
  if ([how isEqualToString:@"unset"]) done = [library setUploadJobExtensionEnabled:false error:NULL];
  if ([how isEqualToString:@"enable"]) done = [library enableUploadJobExtensionWithOptions:nil error:&error];
  if ([how isEqualToString:@"enable-options"]) done = [library enableUploadJobExtensionWithOptions:options error:&error];
  if ([how isEqualToString:@"options"]) done = [library setUploadJobExtensionOptions:options error:&error];
  if ([how isEqualToString:@"disable"]) done = [library disableUploadJobExtensionWithError:&error];
  return @{@"done" : @(done), @"error" : @([error code])};
}

const struct named_case UPLOAD_CASES[] = {
    {"upload", upload}, {"upload-jobs", change_jobs}, {"download-job", download}, {"upload-switch", switch_uploads}, {NULL, NULL}};
