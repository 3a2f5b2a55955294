// Associated objects, which GNU's runtime lacks. Source: objc/runtime.h.
#pragma once

typedef uintptr_t objc_AssociationPolicy;
enum { OBJC_ASSOCIATION_ASSIGN = 0, OBJC_ASSOCIATION_RETAIN = 01401 };

// Values go with the object. A value that is assigned is never sent a message: it need not be an object.
void objc_setAssociatedObject(id object, const void *key, id value, objc_AssociationPolicy policy);
id objc_getAssociatedObject(id object, const void *key);
