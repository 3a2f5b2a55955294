// Zeroing weak references, which GNU's runtime lacks: Apple's two functions, for one owner at a time.
#pragma once

// Registers a place that holds a weak reference; it is set to null before the object's memory goes. Null object:
// forget.
id objc_storeWeak(id *place, id object);
// The object with one more reference, or null when it has gone.
id objc_loadWeakRetained(id *place);
