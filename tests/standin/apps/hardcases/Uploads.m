// Uploads by the system (iOS 26.1): the app names a destination, and iOS sends the photo.
#import "Case.h"

// As the newest SDK declares it: the app runs on every version.
@protocol UploadRequests
+ (void)createJobWithDestination:(id)destination resource:(PHAssetResource *)resource;
+ (id)creationRequestForJobWithDestination:(id)destination resource:(PHAssetResource *)resource;
- (void)retryWithDestination:(id)destination;
- (void)acknowledge;
@end

@interface PHPhotoLibrary (UploadExtension)
- (bool)setUploadJobExtensionEnabled:(bool)enabled error:(NSError **)error;
@end

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

static id destination(NSString *kind) {
  if ([kind isEqualToString:@"nil"]) return nil;
  if ([kind isEqualToString:@"string"]) return @"https://upload.example/a";
  Class class = [kind isEqualToString:@"own"] ? [AskedRequest class] : [NSMutableURLRequest class];
  return [class requestWithURL:[NSURL URLWithString:@"https://upload.example:8443/user/anna?token=secret"]];
}

// kind: nil, string, own, or none of them. newer: by the method of 26.4. retry: and once more, with acknowledgement.
static NSDictionary *upload(NSDictionary *order) {
  Class<UploadRequests> class = (id)NSClassFromString(@"PHAssetResourceUploadJobChangeRequest");
  PHPhotoLibrary *library = [PHPhotoLibrary sharedPhotoLibrary];
  if (class == Nil) return @{@"absent" : @(YES)};
  [library setUploadJobExtensionEnabled:true error:NULL];
  PHAssetResource *resource = [[PHAssetResource assetResourcesForAsset:case_asset(nil)] objectAtIndex:0];
  id to = destination([order objectForKey:@"kind"]);
  asked = 0;
  if ([[order objectForKey:@"newer"] boolValue])
    [(id)class creationRequestForJobWithDestination:to resource:resource];
  else
    [(id)class createJobWithDestination:to resource:resource];
  int asked_then = asked;
  if ([[order objectForKey:@"retry"] boolValue]) {
    id<UploadRequests> request = [[(Class)class new] autorelease];
    [(id)request retryWithDestination:to];
    [(id)request acknowledge];
  }
  return @{@"asked" : @(asked_then)};
}

const struct named_case UPLOAD_CASES[] = {{"upload", upload}, {NULL, NULL}};
