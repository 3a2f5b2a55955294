#import "PHPicker.h"
#import <WireConnection.h>
#include <dispatch/dispatch.h>

@implementation PHPickerResult

- (instancetype)initWithIdentifier:(NSString *)identifier path:(NSString *)path {
  if ((self = [super init]) == nil) return nil;
  _assetIdentifier = [identifier copy];
  _itemProvider = [[NSURL fileURLWithPath:path] retain];
  return self;
}

- (void)dealloc {
  [_assetIdentifier release];
  [_itemProvider release];
  [super dealloc];
}

// On iOS an NSItemProvider; here the file that it would provide.
- (id)itemProvider {
  return _itemProvider;
}

- (NSString *)assetIdentifier {
  return _assetIdentifier;
}

@end

@implementation PHPickerViewController

- (instancetype)initWithConfiguration:(PHPickerConfiguration *)configuration {
  if ((self = [super init]) == nil) return nil;
  _configuration = [configuration copy];
  return self;
}

- (void)dealloc {
  [_configuration release];
  [_service release];
  [super dealloc];
}

- (PHPickerConfiguration *)configuration {
  return _configuration;
}

- (id<PHPickerViewControllerDelegate>)delegate {
  return _delegate;
}

- (void)setDelegate:(id<PHPickerViewControllerDelegate>)delegate {
  _delegate = delegate;
}

- (void)viewDidAppear:(bool)animated {
  _service = [[WireConnection connectionToService:@"photospicker"] retain];
  [_service setMessageHandler:^(NSDictionary *message) {
    dispatch_async(dispatch_get_main_queue(), ^{ [self _pickerDidFinishPicking:[message objectForKey:@"picked"]]; });
  }];
  [_service resume];
  [_service send:@{@"do" : @"present", @"limit" : @([_configuration selectionLimit])}];
}

- (void)_pickerDidFinishPicking:(NSArray *)rows {
  NSMutableArray *results = [NSMutableArray array];
  for (NSDictionary *row in rows) {
    NSString *identifier = [[row objectForKey:@"uuid"] stringByAppendingString:@"/L0/001"];
    [results addObject:[[[PHPickerResult alloc] initWithIdentifier:identifier
                                                              path:[row objectForKey:@"path"]] autorelease]];
  }
  [_delegate picker:self didFinishPicking:results];
}

@end
