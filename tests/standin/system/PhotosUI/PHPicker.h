// The picker: it runs in a process of its own, and the app gets only what the person chose. Source: 16.5 SDK.
#import <UIKit/UIViewController.h>
@class PHPhotoLibrary, PHPickerViewController, WireConnection;

@interface PHPickerFilter : NSObject <NSCopying> {
  NSString *_kind;
}

+ (PHPickerFilter *)imagesFilter;
+ (PHPickerFilter *)videosFilter;
+ (PHPickerFilter *)livePhotosFilter;

@end

@interface PHPickerConfiguration : NSObject <NSCopying> {
  NSInteger _selectionLimit;
  PHPickerFilter *_filter;
  BOOL _namesAssets;
}

- (instancetype)init;
- (instancetype)initWithPhotoLibrary:(PHPhotoLibrary *)library;
- (NSInteger)selectionLimit;
- (void)setSelectionLimit:(NSInteger)limit;
- (PHPickerFilter *)filter;
- (void)setFilter:(PHPickerFilter *)filter;

@end

@interface PHPickerConfiguration (Private)
- (BOOL)namesAssets;
@end

@interface PHPickerResult : NSObject {
  NSString *_assetIdentifier;
  id _itemProvider;
}

- (id)itemProvider;
- (NSString *)assetIdentifier;

@end

@protocol PHPickerViewControllerDelegate <NSObject>
- (void)picker:(PHPickerViewController *)picker didFinishPicking:(NSArray *)results;
@end

@interface PHPickerViewController : UIViewController {
  PHPickerConfiguration *_configuration;
  id<PHPickerViewControllerDelegate> _delegate;
  WireConnection *_service;
}

- (instancetype)initWithConfiguration:(PHPickerConfiguration *)configuration;
- (PHPickerConfiguration *)configuration;
- (id<PHPickerViewControllerDelegate>)delegate;
- (void)setDelegate:(id<PHPickerViewControllerDelegate>)delegate;

@end
