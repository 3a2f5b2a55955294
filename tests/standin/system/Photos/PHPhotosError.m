#import "PHPhotosError.h"

NSString *const PHPhotosErrorDomain = @"PHPhotosErrorDomain";

NSError *PHPhotosErrorOf(PHPhotosErrorCode code) {
  NSString *text =
      [NSString stringWithFormat:@"The operation couldn’t be completed. (PHPhotosErrorDomain error %ld.)", (long)code];
  return [NSError errorWithDomain:PHPhotosErrorDomain code:code userInfo:@{NSLocalizedDescriptionKey : text}];
}
