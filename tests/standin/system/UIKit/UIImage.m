#import "UIImage.h"

@implementation UIImage

+ (instancetype)imageWithData:(NSData *)data size:(CGSize)size {
  if (data == nil) return nil;
  UIImage *image = [[self new] autorelease];
  image->_data = [data retain];
  image->_size = size;
  return image;
}

- (void)dealloc {
  [_data release];
  [super dealloc];
}

- (CGSize)size {
  return _size;
}

- (double)scale {
  return 1;
}

- (NSInteger)imageOrientation {
  return 0;  // up
}

- (NSData *)data {
  return _data;
}

@end
