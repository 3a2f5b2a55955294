// C: which asset a call is about. A hook retains the text of its identifier; the drain makes the hash of it and releases it.
import { ASSETS, KIND, KINDS, MOST_TEXTS } from "./layout.js";

/** After CLASSES_C and JSON_C. */
export const ASSETS_C = `
/* Where objects of a class have their asset's identifier, by offset, and in which object else; 0: nowhere. */
typedef struct { gpointer cls; u32 texts[3], asset; } Identity;
typedef struct { u64 text[5]; char hash[64]; } KnownHash; /* text: zeros after its end */
typedef struct { const char * (* direct) (gpointer string, u32 encoding); int (* copy) (gpointer string, char * to, gssize size, u32 encoding); gpointer selector; } Strings;
typedef struct { gpointer (* retain) (gpointer object); void (* release) (gpointer object); gpointer retain_selector, release_selector; } Retaining;

extern Identity * volatile identities[${ASSETS.identities + 1}];
extern KnownHash hashes[${ASSETS.hashes}];
extern volatile gsize readable[${ASSETS.pages}];
extern u32 try_page (const void * address);
extern Strings strings;
extern Retaining retaining;
extern const Identity * learn_identity (gpointer cls);
extern u32 hash_text (gpointer string, char * to); /* 0 where the text cannot be read */

#define MIX 0x9E3779B97F4A7C15ULL
#define ASCII 0x0600

/* Return the ASCII text of a string of Foundation's, in place or copied to 48 bytes; NULL for another or a longer one. */
static const char * text_of (gpointer string, char * copy) {
  const char * text = strings.direct != NULL ? strings.direct (string, ASCII) : NULL;
  if (text != NULL) return text;
  return (strings.copy != NULL ? strings.copy (string, copy, 48, ASCII) & 0xff
    : ((int (*) (gpointer, gpointer, char *, u64, u64)) objc_msgSend) (string, strings.selector, copy, 48, 1) & 0xff) ? copy : NULL;
}

/* Return whether there is memory at an aligned address: an app may hand over what is no object. The script tries a page once. */
static u32 is_readable (const void * address) {
  gsize page = (gsize) address >> 12;
  if (address == NULL || ((gsize) address & 7) != 0) return 0;
  return LOAD (&readable[page & ${ASSETS.pages - 1}]) == page || try_page (address);
}

/* Called by one thread at a time. */
void add_page (const void * address) {
  gsize page = (gsize) address >> 12;
  put_word (&readable[page & ${ASSETS.pages - 1}], page);
}

static const Identity * identity_of (gpointer object) {
  gpointer cls = object_getClass (object);
  Identity * one;
  u32 i;
  for (i = 0; (one = LOAD (&identities[i])) != NULL; i++) if (one->cls == cls) return one;
  return learn_identity (cls);
}

/* Return the text of the identifier that an object of Photos holds, or the asset that it holds; NULL where there is none. */
static gpointer identifier_of (gpointer object) {
  u32 hops, i;
  for (hops = 0; is_readable (object) && hops != 2; hops++) {
    const Identity * one = identity_of (object);
    if (one == NULL) return NULL;
    for (i = 0; i != 3; i++) {
      gpointer text = one->texts[i] == 0 ? NULL : *(gpointer *) ((char *) object + one->texts[i]);
      if (is_readable (text) && is_kind (text, ${KINDS.NSString})) return text;
    }
    object = one->asset == 0 ? NULL : *(gpointer *) ((char *) object + one->asset);
  }
  return NULL;
}

static gpointer retained (gpointer object) {
  if (object == NULL) return NULL;
  if (retaining.retain != NULL) return retaining.retain (object);
  return (gpointer) objc_msgSend (object, retaining.retain_selector);
}

static void forget_text (void) { g_atomic_pointer_add (&control.texts, -1); }

/* Return whether a record may keep one more text alive: they are the app's memory, and a ring in a file is large. */
static u32 keep_text (void) {
  if (g_atomic_pointer_add (&control.texts, 1) < ${MOST_TEXTS}) return 1;
  forget_text ();
  return 0;
}

static void release (gpointer object) {
  if (retaining.release != NULL) retaining.release (object);
  else objc_msgSend (object, retaining.release_selector);
}

/* Return the 64 digits of a string's hash; NULL where it cannot be read. */
static const char * hash_of (gpointer string, char * own) {
  char copy[48];
  const char * text = text_of (string, copy);
  u64 words[5] = { 0, 0, 0, 0, 0 }, h = 0;
  KnownHash * one;
  u32 n = 0;
  if (text != NULL) while (n != 41 && text[n] != 0 && text[n] != '/') n++;
  if (text == NULL || n == 41 || n == 0) return hash_text (string, own) ? own : NULL;
  memcpy (words, text, n);
  for (n = 0; n != 5; n++) { h = (h ^ words[n]) * MIX; h ^= h >> 29; }
  one = &hashes[h >> 20 & ${ASSETS.hashes - 1}];
  for (n = 0; n != 5 && one->text[n] == words[n]; n++) ;
  if (n != 5) {
    one->text[0] = 0; /* for as long as its hash is not written: no text is empty */
    if (!hash_text (string, one->hash)) return NULL;
    memcpy (one->text, words, 40);
  }
  return one->hash;
}

/* A record is written again where its place is not known, and is done with once. */
static void done_with (const Record * r) {
  if (r->kind != ${KIND.access} || r->asset == NULL) return;
  release (r->asset);
  forget_text ();
}

static char * put_asset (char * to, const Record * r) {
  char own[64];
  const char * hash = r->asset == NULL ? NULL : hash_of (r->asset, own);
  to = put (to, ",\\"asset\\":", 9);
  if (hash == NULL) to = put (to, "null", 4);
  else {
    *to++ = '"';
    to = put (to, hash, 64);
    *to++ = '"';
  }
  return to;
}
`;
