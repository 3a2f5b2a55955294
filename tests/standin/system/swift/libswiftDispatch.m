// The part of Swift's overlay that matters here: a library of the system that calls dispatch_async for the app.
#import "libswiftDispatch.h"
#import <Photos/Photos.h>

void overlay_async(dispatch_queue_t queue, dispatch_block_t block) { dispatch_async(queue, block); }

void overlay_own_work(dispatch_queue_t queue) {
  dispatch_async(queue, ^{
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    [PHAsset fetchAssetsWithMediaType:PHAssetMediaTypeVideo options:nil];
    [pool release];
  });
}
