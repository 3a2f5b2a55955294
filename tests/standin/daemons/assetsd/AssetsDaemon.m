#import "AssetsDaemon.h"
#import <PhotoLibraryServices/PhotoLibraryServices.h>
#include <unistd.h>

@implementation AssetsDaemon

- (instancetype)init {
  if ((self = [super init]) == nil) return nil;
  _store = [AssetStore new];
  _jobs = [UploadJobs new];
  _bound = [NSMutableArray new];
  return self;
}

#pragma mark Clients

- (void)serve:(WireConnection *)connection {
  [connection setMessageHandler:^(NSDictionary *message) { [self client:connection asks:message]; }];
  [connection setInterruptionHandler:^{
    @synchronized(self) {
      [_bound removeObject:connection];
    }
  }];
  [connection resume];
}

- (void)client:(WireConnection *)connection asks:(NSDictionary *)message {
  NSString *what = [message objectForKey:@"do"];
  if ([what isEqualToString:@"bind"])
    [self bind:connection for:message];
  else if ([what isEqualToString:@"browse"])
    [connection answer:message with:[self browse]];
  else if ([what isEqualToString:@"history"])
    [connection answer:message with:[self history:[[message objectForKey:@"since"] longValue]]];
  else if ([what isEqualToString:@"jobs"])
    [connection answer:message with:[self jobs:[[message objectForKey:@"action"] integerValue] of:[self name:connection]]];
  else
    [self client:connection changes:message];
}

- (NSString *)name:(WireConnection *)connection {
  return [[PLClientAuthorization authorizationOfProcess:[connection peer]] trustedCallerBundleID] ?: @"";
}

- (NSDictionary *)jobs:(NSInteger)action of:(NSString *)client {
  @synchronized(self) {
    return @{@"jobs" : [_jobs waitingFor:action of:client]};
  }
}

- (void)client:(WireConnection *)connection changes:(NSDictionary *)message {
  NSString *what = [message objectForKey:@"do"], *client = [self name:connection];
  @synchronized(self) {
    NSDictionary *change = nil;
    [_jobs take:message of:client];
    if ([what isEqualToString:@"insert"]) change = [_store insert:message];
    if ([what isEqualToString:@"alter"]) change = [_store alter:message];
    if ([what isEqualToString:@"delete"]) change = [_store deleteRows:[message objectForKey:@"uuids"]];
    if (change != nil) [self tellAll:@{@"change" : change}];
  }
  [connection answer:message with:@{@"done" : [NSNumber numberWithBool:YES]}];
}

// Source: call graph of iOS 18: reported and logged once per binding of a client without entitlement.
- (void)bind:(WireConnection *)connection for:(NSDictionary *)request {
  PLClientAuthorization *client = [PLClientAuthorization authorizationOfProcess:[connection peer]];
  NSInteger status = [client photosAccessStatus];
  if (client == nil || (status != 3 && status != 4)) {
    [connection answer:request with:@{@"denied" : [NSNumber numberWithBool:YES]}];
    return;
  }
  NSDictionary *event = @{
    @"event" : [[request objectForKey:@"again"] boolValue] ? @"rebind" : @"bind",
    @"pid" : @([connection peer]),
    @"identifier" : [client trustedCallerBundleID],
    @"wall_ns" : @((long long)([[NSDate date] timeIntervalSince1970] * 1e9)),
  };
  @synchronized(self) {  // no change between what is answered and what will be told
    [connection answer:request with:[_store contents]];
    [_bound addObject:connection];
  }
  [_driver send:event];  // before the entry exists, so that the driver can tell why it does
  [[PLPrivacy sharedInstance] reportPhotosUseWithClientAuthorization:client];
  [[PLPrivacy sharedInstance] logPhotosAccessWithClientAuthorization:client];
}

// For Apple's own processes, which are entitled: not a binding, and not logged.
- (NSDictionary *)browse {
  @synchronized(self) {
    return [_store contents];
  }
}

- (NSDictionary *)history:(long)token {
  @synchronized(self) {
    return @{@"changes" : [_store changesSince:token]};
  }
}

- (void)tellAll:(NSDictionary *)message {
  for (WireConnection *connection in [[_bound copy] autorelease]) [connection send:message];
}

- (void)insert:(NSDictionary *)attributes {
  @synchronized(self) {
    [self tellAll:@{@"change" : [_store insert:attributes]}];
  }
}

#pragma mark Driver

- (void)connectToDriver {
  _driver = [[WireConnection connectionToService:@"driver"] retain];
  [_driver setMessageHandler:^(NSDictionary *order) { [self obey:order]; }];
  [_driver setInterruptionHandler:^{ _exit(0); }];
  [_driver resume];
  [_driver send:@{@"hello" : @"assetsd", @"pid" : @(getpid()), @"role" : @"assetsd", @"request" : @0}];
}

- (void)obey:(NSDictionary *)order {
  NSString *what = [order objectForKey:@"do"];
  NSInteger count = MAX(1, [[order objectForKey:@"count"] integerValue]);
  if ([what isEqualToString:@"new-photo"]) {
    for (NSInteger i = 0; i < count; i++) [self insert:order];
  } else if ([what isEqualToString:@"delete-photo"]) {
    @synchronized(self) {
      [self tellAll:@{@"change" : [_store deleteNewest:count]}];
    }
  } else if ([what isEqualToString:@"drop-binding"]) {
    [self dropBindingOf:[[order objectForKey:@"pid"] intValue]];
  } else if ([what isEqualToString:@"finish-uploads"]) {
    @synchronized(self) {
      [_jobs finish:[[order objectForKey:@"success"] boolValue]];
    }
  } else if ([what isEqualToString:@"unavailable"]) {
    @synchronized(self) {
      [self tellAll:@{@"unavailable" : @"the volume is offline"}];
    }
  }
  [_driver answer:order with:@{@"done" : [NSNumber numberWithBool:YES]}];
}

- (void)dropBindingOf:(pid_t)pid {
  @synchronized(self) {
    for (WireConnection *connection in [[_bound copy] autorelease])
      if ([connection peer] == pid) [connection close];
  }
}

@end
