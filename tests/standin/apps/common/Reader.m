#import "Reader.h"
#import "Witness.h"
#import <UIKit/UIKit.h>

PHFetchResult *reader_fetch(void) {
  witness_call(@"+[PHAsset fetchAssetsWithMediaType:options:]", @"metadata");
  return [PHAsset fetchAssetsWithMediaType:PHAssetMediaTypeImage options:nil];
}

void reader_thumbnail(PHAsset *asset) {
  long call = witness_call(@"-[PHImageManager requestImageForAsset:targetSize:contentMode:options:resultHandler:]",
                           @"thumbnail");
  [[PHImageManager defaultManager]
      requestImageForAsset:asset
                targetSize:CGSizeMake(160, 160)
               contentMode:PHImageContentModeAspectFill
                   options:nil
             resultHandler:^(UIImage *image, NSDictionary *info) {
               witness_delivery(call, -1, [[info objectForKey:PHImageResultIsDegradedKey] boolValue]);
             }];
}

void reader_data(PHAsset *asset) {
  long call = witness_call(@"-[PHImageManager requestImageDataAndOrientationForAsset:options:resultHandler:]", @"data");
  [[PHImageManager defaultManager]
      requestImageDataAndOrientationForAsset:asset
                                     options:nil
                               resultHandler:^(NSData *data, NSString *type, uint32_t orientation, NSDictionary *info) {
                                 witness_delivery(call, [data length], NO);
                               }];
}

void reader_register(id<PHPhotoLibraryChangeObserver> observer) {
  witness_call(@"-[PHPhotoLibrary registerChangeObserver:]", @"open");
  [[PHPhotoLibrary sharedPhotoLibrary] registerChangeObserver:observer];
}

void reader_unregister(id<PHPhotoLibraryChangeObserver> observer) {
  witness_call(@"-[PHPhotoLibrary unregisterChangeObserver:]", @"open");
  [[PHPhotoLibrary sharedPhotoLibrary] unregisterChangeObserver:observer];
}

BOOL reader_take_order(NSDictionary *order) {
  NSString *what = [order objectForKey:@"do"];
  if ([what isEqualToString:@"fetch"]) {
    reader_fetch();
    return YES;
  }
  BOOL thumbnail = [what isEqualToString:@"thumbnail"];
  if (!thumbnail && ![what isEqualToString:@"data"]) return NO;
  NSInteger count = MAX(1, [[order objectForKey:@"count"] integerValue]);
  PHFetchResult *assets = reader_fetch();
  for (NSInteger i = 0; i < count && i < (NSInteger)[assets count]; i++) {
    PHAsset *asset = [assets objectAtIndex:i];
    if (thumbnail)
      reader_thumbnail(asset);
    else
      reader_data(asset);
  }
  return YES;
}
