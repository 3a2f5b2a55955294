#define _GNU_SOURCE
#import "WireSocket.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static BOOL service_address(NSString *service, struct sockaddr_un *address) {
  const char *folder = getenv("STANDIN_RUN");
  if (folder == NULL) return NO;
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  int length = snprintf(address->sun_path, sizeof address->sun_path, "%s/%s.sock", folder, [service UTF8String]);
  return length > 0 && (size_t)length < sizeof address->sun_path;
}

int wire_connect(NSString *service) {
  struct sockaddr_un address;
  if (!service_address(service, &address)) return -1;
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(descriptor, (struct sockaddr *)&address, sizeof address) == 0) return descriptor;
  close(descriptor);
  return -1;
}

int wire_listen(NSString *service) {
  struct sockaddr_un address;
  if (!service_address(service, &address)) return -1;
  unlink(address.sun_path);
  int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0 && listen(descriptor, 64) == 0)
    return descriptor;
  close(descriptor);
  return -1;
}

pid_t wire_peer(int descriptor) {
  struct ucred peer = {0};
  socklen_t length = sizeof peer;
  getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length);
  return peer.pid;
}

static NSDictionary *take_line(NSMutableData *buffer) {
  const char *bytes = [buffer bytes];
  const char *end = [buffer length] > 0 ? memchr(bytes, '\n', [buffer length]) : NULL;
  if (end == NULL) return nil;
  NSUInteger length = end - bytes;
  NSData *line = [NSData dataWithBytes:bytes length:length];
  [buffer replaceBytesInRange:NSMakeRange(0, length + 1) withBytes:NULL length:0];
  id message = [NSJSONSerialization JSONObjectWithData:line options:0 error:NULL];
  return [message isKindOfClass:[NSDictionary class]] ? message : @{};
}

NSDictionary *wire_read(int descriptor, NSMutableData *buffer) {
  for (;;) {
    NSDictionary *message = take_line(buffer);
    if (message != nil) return message;
    char chunk[65536];
    ssize_t length = read(descriptor, chunk, sizeof chunk);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return nil;
    [buffer appendBytes:chunk length:length];
  }
}

BOOL wire_write(int descriptor, NSDictionary *message) {
  NSMutableData *line = [[[NSJSONSerialization dataWithJSONObject:message options:0
                                                            error:NULL] mutableCopy] autorelease];
  [line appendBytes:"\n" length:1];
  const char *next = [line bytes];
  size_t rest = [line length];
  while (rest > 0) {  // one line may take several writes: lines of different threads must not mix
    ssize_t written = send(descriptor, next, rest, MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return NO;
    next += written;
    rest -= written;
  }
  return YES;
}
