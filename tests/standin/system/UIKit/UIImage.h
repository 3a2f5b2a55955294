#import <CoreGraphics/CGGeometry.h>

// An image: the bytes of its file and the size at which it was asked for. Nothing is decoded.
@interface UIImage : NSObject {
  NSData *_data;
  CGSize _size;
}

+ (instancetype)imageWithData:(NSData *)data size:(CGSize)size;
- (CGSize)size;
- (double)scale;
- (NSInteger)imageOrientation;
- (NSData *)data;

@end
