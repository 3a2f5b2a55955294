#import "PHPicker.h"

@implementation PHPickerFilter

+ (PHPickerFilter *)filterOf:(NSString *)kind {
  PHPickerFilter *filter = [[self new] autorelease];
  filter->_kind = [kind copy];
  return filter;
}

+ (PHPickerFilter *)imagesFilter {
  return [self filterOf:@"images"];
}

+ (PHPickerFilter *)videosFilter {
  return [self filterOf:@"videos"];
}

+ (PHPickerFilter *)livePhotosFilter {
  return [self filterOf:@"livePhotos"];
}

- (void)dealloc {
  [_kind release];
  [super dealloc];
}

- (id)copyWithZone:(NSZone *)zone {
  return [self retain];
}

@end

@implementation PHPickerConfiguration

- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _selectionLimit = 1;
  return self;
}

- (instancetype)initWithPhotoLibrary:(PHPhotoLibrary *)library {
  if ((self = [self init]) != nil) _namesAssets = YES;
  return self;
}

- (BOOL)namesAssets {
  return _namesAssets;
}

- (void)dealloc {
  [_filter release];
  [super dealloc];
}

- (id)copyWithZone:(NSZone *)zone {
  PHPickerConfiguration *copy = [PHPickerConfiguration new];
  [copy setSelectionLimit:_selectionLimit];
  [copy setFilter:_filter];
  copy->_namesAssets = _namesAssets;
  return copy;
}

- (NSInteger)selectionLimit {
  return _selectionLimit;
}

- (void)setSelectionLimit:(NSInteger)limit {
  _selectionLimit = limit;
}

- (PHPickerFilter *)filter {
  return _filter;
}

- (void)setFilter:(PHPickerFilter *)filter {
  [_filter autorelease];
  _filter = [filter retain];
}

@end
