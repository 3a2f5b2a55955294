// Apple's geometry, spelled so that clang gives methods the type encodings that they have on iOS.
#pragma once
#import <Foundation/Foundation.h>

struct CGPoint {
  CGFloat x, y;
};
struct CGSize {
  CGFloat width, height;
};
typedef struct CGPoint CGPoint;
typedef struct CGSize CGSize;
struct CGRect {
  CGPoint origin;
  CGSize size;
};
typedef struct CGRect CGRect;

static inline CGSize CGSizeMake(CGFloat width, CGFloat height) { return (CGSize){width, height}; }
