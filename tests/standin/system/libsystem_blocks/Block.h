// The blocks runtime, with Apple's names.
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

void *_Block_copy(const void *block);
void _Block_release(const void *block);
void _Block_object_assign(void *place, const void *object, int kind);
void _Block_object_dispose(const void *object, int kind);

#ifdef __cplusplus
}
#endif

#define Block_copy(block) ((__typeof__(block))_Block_copy((const void *)(block)))
#define Block_release(block) _Block_release((const void *)(block))
