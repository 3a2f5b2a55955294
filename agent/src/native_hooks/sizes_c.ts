// C: a target size, which travels in floating-point registers, and the depth that follows from it.
import { THUMBNAIL_PX } from "../probes/argument_decoding.js";

export const SIZES_C = `
extern u32 size_text (double value, char * to);
extern volatile u32 float_depth; /* x86-64: how far below the stack pointer a hook saves the vector registers; 0: not known */

static void read_size (GumInvocationContext * ic, double * size) {
#if defined (HAVE_ARM64)
  memcpy (&size[0], &ic->cpu_context->v[0], 8);
  memcpy (&size[1], &ic->cpu_context->v[1], 8);
#else
  const char * saved = (const char *) ((gsize) SP (ic) - float_depth);
  u64 none = 0x7ff8000000000000ULL;
  memcpy (&size[0], float_depth == 0 ? (const char *) &none : saved, 8);
  memcpy (&size[1], float_depth == 0 ? (const char *) &none : saved + 16, 8);
#endif
}

static u32 is_finite (double value) { return value - value == 0; }

/* Where the size cannot be read, only what is certain: a thumbnail. A negative one is PHImageManagerMaximumSize: the original. */
static u32 is_thumbnail (const double * size) {
  if (!is_finite (size[0]) || !is_finite (size[1])) return 1;
  return size[0] >= 0 && size[1] >= 0 && size[0] <= ${THUMBNAIL_PX} && size[1] <= ${THUMBNAIL_PX};
}

static char * put_length (char * to, double value) {
  if (!is_finite (value)) return put (to, "null", 4);
  if (value > -1e15 && value < 1e15 && (double) (gint64) value == value) return put_signed (to, (gint64) value);
  return to + size_text (value, to);
}

static char * put_size (char * to, const double * size) {
  to = put (to, "\\"width\\":", 8);
  to = put_length (to, size[0]);
  to = put (to, ",\\"height\\":", 10);
  return put_length (to, size[1]);
}
`;
