#define _GNU_SOURCE
#import "WireConnection.h"
#import "WireSocket.h"
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

@implementation WireConnection

+ (instancetype)connectionToService:(NSString *)name {
  int descriptor = wire_connect(name);
  return descriptor < 0 ? nil : [[[self alloc] initWithDescriptor:descriptor] autorelease];
}

- (instancetype)initWithDescriptor:(int)descriptor {
  if ((self = [super init]) == nil) return nil;
  _descriptor = descriptor;
  _peer = wire_peer(descriptor);
  _replies = [NSMutableDictionary new];
  _replied = [NSCondition new];
  return self;
}

- (void)dealloc {
  close(_descriptor);
  [_replies release];
  [_replied release];
  [_messageHandler release];
  [_interruptionHandler release];
  [super dealloc];
}

- (void)setMessageHandler:(void (^)(NSDictionary *))handler {
  [_messageHandler autorelease];
  _messageHandler = [handler copy];
}

- (void)setInterruptionHandler:(void (^)(void))handler {
  [_interruptionHandler autorelease];
  _interruptionHandler = [handler copy];
}

- (pid_t)peer {
  return _peer;
}

- (void)receive:(NSDictionary *)message {
  NSNumber *request = [message objectForKey:@"re"];
  if (request == nil) {
    if (_messageHandler) _messageHandler(message);
    return;
  }
  [_replied lock];
  [_replies setObject:message forKey:request];
  [_replied broadcast];
  [_replied unlock];
}

- (void)readUntilClosed {
  NSMutableData *buffer = [NSMutableData data];
  NSDictionary *message;
  while ((message = wire_read(_descriptor, buffer)) != nil) {
    NSAutoreleasePool *pool = [NSAutoreleasePool new];
    [self receive:message];
    [pool release];
  }
  [_replied lock];
  _closed = YES;
  [_replied broadcast];
  [_replied unlock];
  if (_interruptionHandler) _interruptionHandler();
}

static void *read_thread(void *context) {
  NSAutoreleasePool *pool = [NSAutoreleasePool new];
  WireConnection *connection = context;
  [connection readUntilClosed];
  [connection release];
  [pool release];
  return NULL;
}

- (void)resume {
  pthread_t thread;
  [self retain];
  if (pthread_create(&thread, NULL, read_thread, self) == 0) pthread_detach(thread);
}

- (BOOL)send:(NSDictionary *)message {
  return wire_write(_descriptor, message);
}

- (NSDictionary *)request:(NSDictionary *)message {
  NSMutableDictionary *request = [[message mutableCopy] autorelease];
  [_replied lock];
  NSNumber *number = @(++_lastRequest);
  [request setObject:number forKey:@"request"];
  NSDictionary *reply = nil;
  if (!_closed && wire_write(_descriptor, request)) {
    while ((reply = [_replies objectForKey:number]) == nil && !_closed) [_replied wait];
    [[reply retain] autorelease];
    [_replies removeObjectForKey:number];
  }
  [_replied unlock];
  return reply;
}

- (BOOL)answer:(NSDictionary *)request with:(NSDictionary *)message {
  NSMutableDictionary *answer = [[message mutableCopy] autorelease];
  [answer setObject:[request objectForKey:@"request"] forKey:@"re"];
  return [self send:answer];
}

- (void)close {
  shutdown(_descriptor, SHUT_RDWR);
}

@end
