#import "UIApplication.h"
#import "UIImage.h"
#import "UISpringBoard.h"
