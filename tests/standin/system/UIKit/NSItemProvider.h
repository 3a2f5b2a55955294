// Item providers, with the methods and type encodings of iOS. Source: SDK 26.4, NSItemProvider.h.
//
// Foundation's on iOS; GNUstep's class of that name loads nothing, so its methods are replaced. Its declarations have other
// types, so messages go to objects of this protocol.
#import <Foundation/Foundation.h>

@protocol PickedItemProvider <NSObject, NSCopying>
- (NSProgress *)loadObjectOfClass:(Class)class completionHandler:(void (^)(id object, NSError *error))handler;
- (NSProgress *)loadDataRepresentationForTypeIdentifier:(NSString *)type
                                      completionHandler:(void (^)(NSData *data, NSError *error))handler;
- (NSProgress *)loadFileRepresentationForTypeIdentifier:(NSString *)type
                                      completionHandler:(void (^)(NSURL *file, NSError *error))handler;
- (NSProgress *)loadInPlaceFileRepresentationForTypeIdentifier:(NSString *)type
                                             completionHandler:(void (^)(NSURL *file, bool in_place, NSError *error))handler;
- (NSProgress *)loadDataRepresentationForContentType:(id)type
                                   completionHandler:(void (^)(NSData *data, NSError *error))handler;
- (NSProgress *)loadFileRepresentationForContentType:(id)type
                                         openInPlace:(bool)open_in_place
                                   completionHandler:(void (^)(NSURL *file, bool in_place, NSError *error))handler;
- (void)loadItemForTypeIdentifier:(NSString *)type
                          options:(NSDictionary *)options
                completionHandler:(void (^)(id item, NSError *error))handler;
- (void)loadPreviewImageWithOptions:(NSDictionary *)options completionHandler:(void (^)(id item, NSError *error))handler;
@end

// A type of content. Source: UTType.h; on iOS of UniformTypeIdentifiers.
@interface UTType : NSObject {
  NSString *_identifier;
}
+ (UTType *)typeWithIdentifier:(NSString *)identifier;
- (NSString *)identifier;
@end

// A provider of a file: what a picker, a drag or a paste makes.
id<PickedItemProvider> item_provider_of_file(NSString *path);
NSString *item_provider_path(id provider);
