// C: what kind of Foundation's objects something is, so that a hook may send it a plain accessor. The script decides once for each class.
import { KINDS, MOST_KINDS } from "./layout.js";

/** After RING_C. */
export const CLASSES_C = `
extern u32 learn_kind (gpointer cls);
extern gpointer object_getClass (gpointer object);
extern gsize objc_msgSend (gpointer object, gpointer selector, ...);

/* Return the kind of an object; 0 for another one, and for a class of the app's own, which is left alone. */
static u32 kind_of (gpointer object) {
  gsize cls = (gsize) object_getClass (object), known;
  u32 i;
  for (i = 0; i != ${MOST_KINDS} && (known = LOAD (&control.kinds[i])) != 0; i++) if ((known & ~(gsize) 7) == cls) return known & 7;
  return learn_kind ((gpointer) cls);
}

static u32 is_kind (gpointer object, u32 kind) { return object != NULL && kind_of (object) == kind; }

/* Called by one thread at a time. */
u32 add_kind (gpointer cls, u32 kind) {
  gsize word = (gsize) cls | kind;
  u32 i;
  for (i = 0; i != ${MOST_KINDS} && control.kinds[i] != word; i++) {
    if (control.kinds[i] != 0) continue;
    put_word (&control.kinds[i], word);
    break;
  }
  return kind;
}

extern gpointer count_selector;

static gint64 count_of (gpointer array) { return is_kind (array, ${KINDS.NSArray}) ? (gint64) objc_msgSend (array, count_selector) : -1; }
`;
