#import <Foundation/Foundation.h>

// The jobs by which apps have photos uploaded. Callers guard it. Source: the job states of PHAssetResourceUploadJob.h.
@interface UploadJobs : NSObject {
  NSMutableArray *_rows;
}

// Those of an app that wait for this action: 1 acknowledge, 2 retry, 3 process.
- (NSArray *)waitingFor:(NSInteger)action of:(NSString *)client;
// create-job, retry-job, acknowledge-job, cancel-job of an app. NO: not one of them.
- (BOOL)take:(NSDictionary *)order of:(NSString *)client;
// The system has sent what is registered, or could not.
- (void)finish:(BOOL)success;

@end
