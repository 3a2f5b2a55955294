// Queries, permission, history, writing: what else an app does with the library.
#import "Case.h"
#import <PrivacyAccounting/PrivacyAccounting.h>
#import <UIKit/UIViewController.h>

@interface PHPhotoLibrary (LimitedPicker)
- (void)presentLimitedLibraryPickerFromViewController:(UIViewController *)controller;
@end

#define FETCH(symbol, expression)    \
  witness_call(symbol, @"metadata"); \
  expression

static PHFetchOptions *options(void) {
  PHFetchOptions *options = [[PHFetchOptions new] autorelease];
  [options setPredicate:[NSPredicate predicateWithFormat:@"mediaType == 1"]];
  [options setSortDescriptors:@[ [NSSortDescriptor sortDescriptorWithKey:@"creationDate" ascending:NO] ]];
  [options setFetchLimit:5];
  return options;
}

// Every public way to fetch, once.
static NSDictionary *fetches(NSDictionary *order) {
  FETCH(@"+[PHAssetCollection fetchAssetCollectionsWithType:subtype:options:]",
        PHAssetCollection *album = [[PHAssetCollection fetchAssetCollectionsWithType:1 subtype:2
                                                                             options:nil] firstObject]);
  FETCH(@"+[PHAsset fetchAssetsInAssetCollection:options:]",
        PHAsset *asset = [[PHAsset fetchAssetsInAssetCollection:album options:nil] firstObject]);
  FETCH(@"+[PHAsset fetchAssetsWithOptions:]", [PHAsset fetchAssetsWithOptions:options()]);
  FETCH(@"+[PHAsset fetchAssetsWithMediaType:options:]", [PHAsset fetchAssetsWithMediaType:PHAssetMediaTypeImage
                                                                                   options:nil]);
  FETCH(@"+[PHAsset fetchAssetsWithLocalIdentifiers:options:]",
        [PHAsset fetchAssetsWithLocalIdentifiers:@[ [asset localIdentifier] ] options:nil]);
  FETCH(@"+[PHAsset fetchAssetsWithBurstIdentifier:options:]", [PHAsset fetchAssetsWithBurstIdentifier:@"burst"
                                                                                               options:nil]);
  FETCH(@"+[PHAsset fetchAssetsWithALAssetURLs:options:]", [PHAsset fetchAssetsWithALAssetURLs:@[] options:nil]);
  FETCH(@"+[PHAsset fetchKeyAssetsInAssetCollection:options:]", [PHAsset fetchKeyAssetsInAssetCollection:album
                                                                                                 options:nil]);
  FETCH(@"+[PHAssetCollection fetchAssetCollectionsWithLocalIdentifiers:options:]",
        [PHAssetCollection fetchAssetCollectionsWithLocalIdentifiers:@[ [album localIdentifier] ] options:nil]);
  FETCH(@"+[PHAssetCollection fetchAssetCollectionsContainingAsset:withType:options:]",
        [PHAssetCollection fetchAssetCollectionsContainingAsset:asset withType:1 options:nil]);
  FETCH(@"+[PHAssetCollection fetchAssetCollectionsWithALAssetGroupURLs:options:]",
        [PHAssetCollection fetchAssetCollectionsWithALAssetGroupURLs:@[] options:nil]);
  FETCH(@"+[PHAssetCollection fetchMomentsWithOptions:]", [PHAssetCollection fetchMomentsWithOptions:nil]);
  FETCH(@"+[PHAssetCollection fetchMomentsInMomentList:options:]", [PHAssetCollection fetchMomentsInMomentList:nil
                                                                                                       options:nil]);
  FETCH(@"+[PHCollectionList fetchCollectionListsWithType:subtype:options:]",
        PHCollectionList *list = [[PHCollectionList fetchCollectionListsWithType:2 subtype:100
                                                                         options:nil] firstObject]);
  FETCH(@"+[PHCollectionList fetchCollectionListsContainingCollection:options:]",
        [PHCollectionList fetchCollectionListsContainingCollection:album options:nil]);
  FETCH(@"+[PHCollectionList fetchCollectionListsWithLocalIdentifiers:options:]",
        [PHCollectionList fetchCollectionListsWithLocalIdentifiers:@[] options:nil]);
  FETCH(@"+[PHCollectionList fetchMomentListsWithSubtype:options:]",
        [PHCollectionList fetchMomentListsWithSubtype:2 options:nil]);
  FETCH(@"+[PHCollectionList fetchMomentListsWithSubtype:containingMoment:options:]",
        [PHCollectionList fetchMomentListsWithSubtype:2 containingMoment:album options:nil]);
  FETCH(@"+[PHCollection fetchCollectionsInCollectionList:options:]",
        [PHCollection fetchCollectionsInCollectionList:list options:nil]);
  FETCH(@"+[PHCollection fetchTopLevelUserCollectionsWithOptions:]",
        [PHCollection fetchTopLevelUserCollectionsWithOptions:nil]);
  FETCH(@"+[PHAssetResource assetResourcesForAsset:]", [PHAssetResource assetResourcesForAsset:asset]);
  FETCH(@"+[PHAssetResource assetResourcesForLivePhoto:]", [PHAssetResource assetResourcesForLivePhoto:nil]);
  return nil;
}

// The one that calls another fetch method inside Photos: one action of the app.
static NSDictionary *nested_fetch(NSDictionary *order) {
  FETCH(@"+[PHAsset fetchKeyAssetsInAssetCollection:options:]", [PHAsset fetchKeyAssetsInAssetCollection:nil
                                                                                                 options:nil]);
  return nil;
}

static NSDictionary *authorization(NSDictionary *order) {
  witness_note(@"authorization", @{@"action" : @"read"});
  [PHPhotoLibrary authorizationStatus];
  [PHPhotoLibrary authorizationStatusForAccessLevel:PHAccessLevelReadWrite];
  witness_note(@"authorization", @{@"action" : @"asked"});
  [PHPhotoLibrary requestAuthorizationForAccessLevel:PHAccessLevelReadWrite
                                             handler:^(PHAuthorizationStatus status) {
                                               witness_note(
                                                   @"authorization",
                                                   @{@"action" : @"answered",
                                                     @"status" : @(status)});
                                             }];
  [PHPhotoLibrary requestAuthorization:^(PHAuthorizationStatus status) {
    witness_note(
        @"authorization",
        @{@"action" : @"answered",
          @"status" : @(status)});
  }];
  return nil;
}

static PHPersistentChangeToken *token;

static NSDictionary *history_token(NSDictionary *order) {
  witness_call(@"-[PHPhotoLibrary currentChangeToken]", @"metadata");
  token = [[[PHPhotoLibrary sharedPhotoLibrary] currentChangeToken] retain];
  return nil;
}

static NSDictionary *history(NSDictionary *order) {
  witness_call(@"-[PHPhotoLibrary fetchPersistentChangesSinceToken:error:]", @"metadata");
  PHPersistentChangeFetchResult *changes = [[PHPhotoLibrary sharedPhotoLibrary] fetchPersistentChangesSinceToken:token
                                                                                                           error:NULL];
  __block NSUInteger inserted = 0;
  [changes enumerateChangesWithBlock:^(PHPersistentChange *change, bool *stop) {
    inserted += [[[change changeDetailsForObjectType:1 error:NULL] insertedLocalIdentifiers] count];
  }];
  return @{@"inserted" : @(inserted)};
}

static NSDictionary *write_asset(NSDictionary *order) {
  witness_call(@"-[PHPhotoLibrary performChanges:completionHandler:]", @"write");
  [[PHPhotoLibrary sharedPhotoLibrary]
      performChanges:^{ [PHAssetChangeRequest creationRequestForAssetFromImage:nil]; }
      completionHandler:^(bool success, NSError *error) {
        witness_note(@"written", @{@"success" : [NSNumber numberWithBool:success]});
      }];
  return nil;
}

static NSDictionary *write_and_wait(NSDictionary *order) {
  witness_call(@"-[PHPhotoLibrary performChangesAndWait:error:]", @"write");
  bool success = [[PHPhotoLibrary sharedPhotoLibrary]
      performChangesAndWait:^{
        PHAssetCreationRequest *request = [PHAssetCreationRequest creationRequestForAsset];
        [request addResourceWithType:PHAssetResourceTypePhoto data:[NSData data] options:nil];
        [request setFavorite:true];
      }
                      error:NULL];
  return @{@"success" : [NSNumber numberWithBool:success]};
}

static NSDictionary *delete_newest(NSDictionary *order) {
  PHAsset *newest = [reader_fetch() lastObject];
  witness_call(@"-[PHPhotoLibrary performChangesAndWait:error:]", @"write");
  [[PHPhotoLibrary sharedPhotoLibrary]
      performChangesAndWait:^{ [PHAssetChangeRequest deleteAssets:@[ newest ]]; }
                      error:NULL];
  return nil;
}

static NSDictionary *limited_picker(NSDictionary *order) {
  witness_call(@"-[PHPhotoLibrary presentLimitedLibraryPickerFromViewController:]", @"picker");
  [[PHPhotoLibrary sharedPhotoLibrary]
      presentLimitedLibraryPickerFromViewController:[[UIViewController new] autorelease]];
  return nil;
}

// Tries to have another app blamed: the accounting daemon puts the caller's name over it.
static NSDictionary *blame(NSDictionary *order) {
  PAApplication *other = [PAApplication applicationWithBundleID:@"org.lightleak.refetch"];
  [[PAAccessLogger sharedInstance] log:[PATCCAccess accessWithAccessor:other forService:@"kTCCServicePhotos"]];
  return nil;
}

const struct named_case LIBRARY_CASES[] = {
    {"fetches", fetches},
    {"nested-fetch", nested_fetch},
    {"authorization", authorization},
    {"history-token", history_token},
    {"history", history},
    {"write", write_asset},
    {"write-and-wait", write_and_wait},
    {"delete", delete_newest},
    {"limited-picker", limited_picker},
    {"blame", blame},
    {NULL, NULL},
};
