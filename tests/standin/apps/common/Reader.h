// What apps do with a photo library, each step with its line in the app's account.
#import <Photos/Photos.h>

PHFetchResult *reader_fetch(void);
void reader_thumbnail(PHAsset *asset);
void reader_data(PHAsset *asset);
void reader_register(id<PHPhotoLibraryChangeObserver> observer);
void reader_unregister(id<PHPhotoLibraryChangeObserver> observer);
// Orders that every app understands: fetch, thumbnail, data. False: not one of them.
BOOL reader_take_order(NSDictionary *order);
