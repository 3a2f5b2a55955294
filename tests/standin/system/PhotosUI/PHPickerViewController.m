#import "PHPicker.h"
#import <UIKit/NSItemProvider.h>
#import <WireConnection.h>
#include <dispatch/dispatch.h>
#include <objc/runtime.h>
#include <stdlib.h>
#include <string.h>

// Of the quirk picker-subclass: what it loads is the same.
@interface PUPickedItemProvider : NSItemProvider
@end

@implementation PUPickedItemProvider

- (NSProgress *)loadDataRepresentationForTypeIdentifier:(NSString *)type completionHandler:(GSProviderCompletionHandler)handler {
  return [(id)item_provider_of_file(item_provider_path(self)) loadDataRepresentationForTypeIdentifier:type
                                                                                    completionHandler:handler];
}

@end

@implementation PHPickerResult

- (instancetype)initWithIdentifier:(NSString *)identifier path:(NSString *)path {
  if ((self = [super init]) == nil) return nil;
  _assetIdentifier = [identifier copy];
  _itemProvider = [(id)item_provider_of_file(path) retain];
  const char *quirks = getenv("STANDIN_QUIRKS");
  if (quirks != NULL && strstr(quirks, ",picker-subclass,") != NULL)
    object_setClass(_itemProvider, [PUPickedItemProvider class]);
  return self;
}

- (void)dealloc {
  [_assetIdentifier release];
  [_itemProvider release];
  [super dealloc];
}

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
    // Without a library in the configuration, a result does not name its asset. Source: PHPicker.h.
    NSString *identifier =
        [_configuration namesAssets] ? [[row objectForKey:@"uuid"] stringByAppendingString:@"/L0/001"] : nil;
    [results addObject:[[[PHPickerResult alloc] initWithIdentifier:identifier
                                                              path:[row objectForKey:@"path"]] autorelease]];
  }
  [_delegate picker:self didFinishPicking:results];
}

@end
