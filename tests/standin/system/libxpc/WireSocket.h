// The descriptors under WireConnection and WireListener.
#import <Foundation/Foundation.h>
#include <sys/types.h>

int wire_connect(NSString *service);
int wire_listen(NSString *service);
pid_t wire_peer(int descriptor);
// The next object; null at the end of the stream. What is read beyond it stays in the buffer.
NSDictionary *wire_read(int descriptor, NSMutableData *buffer);
BOOL wire_write(int descriptor, NSDictionary *message);
