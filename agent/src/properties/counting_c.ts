// C: getters that are counted, not recorded one by one. Part of the module of native_hooks/fast_path.ts, whose threads and images it uses.
//
// Everything of one second is in one of two halves: counts by symbol and cause, and the set of assets. The script turns to the
// other half once a second, waits until no thread is still in the old one, and empties that. Nothing here waits or allocates:
// tables are filled by compare-and-swap, and what finds no place is counted as lost (a call) or makes a lower bound (an asset).
import { THREADS } from "../native_hooks/layout.js";
import { CAUSE, MOST_TALLIES, SEEN_SLOTS, SHARDS, WINDOW_SLOTS } from "./layout.js";

export const COUNTING_C = `
typedef struct { u32 index, offset, hop, pad; } Getter;
typedef struct { volatile gssize count, assets, fresh, vague; u64 pad[4]; } Shard;
typedef struct { volatile gssize key; u32 at[4]; u64 pad[5]; Shard shards[${SHARDS}]; } Tally;
typedef struct { volatile u32 epoch, asleep, unseen, pad; volatile gint used[2], seen_used, pad2; u64 salt; } Counting;
typedef struct { gssize key; u32 at[4]; gssize count, assets, fresh, vague; } Result;

extern Counting counting;
extern Tally tallies[2 * ${MOST_TALLIES}];
extern volatile gssize windows[2 * ${WINDOW_SLOTS}];
extern volatile gssize seen[${SEEN_SLOTS}];
extern Result results[${MOST_TALLIES}];
extern u32 calls_then[${THREADS}];
extern gssize swap (volatile gssize * place, gssize value); /* puts a value where there is 0; returns what was there */
extern u32 thread_here (void);
extern void counted (void);

/* Return whether code of the app has asked for a call from the system's: the script answers (native_counter.ts). */
u32 is_apps (u64 from, u64 sp, u64 fp, u64 site) { return 0; }

/* Return a number for the photo whose identifier an object holds; 0 where it cannot be read. Equal texts have equal numbers. */
static u64 identify (const Getter * g, gpointer self) {
  char copy[48];
  const char * text;
  u64 words[6], n, i, h = counting.salt;
  gpointer string;
  if (self == NULL || g->offset == 0) return 0;
  if (g->hop != 0) self = *(gpointer *) ((char *) self + g->hop);
  string = self == NULL ? NULL : *(gpointer *) ((char *) self + g->offset);
  if (string == NULL) return 0;
  text = text_of (string, copy);
  if (text == NULL) return 0;
  n = strlen (text);
  if (n > 36 && text[36] == '/') n = 36;
  if (n != 36) {
    for (i = 0; i != n && i != 48 && text[i] != '/'; i++) ;
    n = i;
  }
  words[0] = words[1] = words[2] = words[3] = words[4] = words[5] = 0;
  memcpy (words, text, n);
  h = (h ^ words[0]) * MIX; h ^= h >> 29;
  h = (h ^ words[1]) * MIX; h ^= h >> 29;
  h = (h ^ words[2]) * MIX; h ^= h >> 29;
  h = (h ^ words[3]) * MIX; h ^= h >> 29;
  h = (h ^ words[4]) * MIX; h ^= h >> 29;
  if (n > 40) { h = (h ^ words[5]) * MIX; h ^= h >> 29; }
  h = (h ^ n) * MIX;
  return h == 0 ? 1 : h;
}

/* Add a number to a set: 1 where it is new, 0 where it was there, -1 where there is no room. */
static int add (volatile gssize * set, u32 mask, volatile gint * used, u64 number) {
  u32 i, n;
  number *= MIX;
  number ^= number >> 31;
  if (number == 0) number = 1;
  i = number & mask;
  for (n = 0; n != 64; n++) {
    gssize there = set[i];
    if (there == (gssize) number) return 0;
    if (there == 0) {
      if (*used >= (gint) (mask / 4 * 3)) return -1;
      there = swap (&set[i], number);
      if (there == 0) { g_atomic_int_add (used, 1); return 1; }
      if (there == (gssize) number) return 0;
    }
    i = (i + 1) & mask;
  }
  return -1;
}

static Tally * tally_of (u32 half, u64 key) {
  Tally * all = tallies + half * ${MOST_TALLIES};
  u32 i = (key * MIX) >> 40 & ${MOST_TALLIES - 1}, n;
  for (n = 0; n != ${MOST_TALLIES}; n++) {
    Tally * one = &all[i];
    gssize there = one->key;
    if (there == 0) {
      there = swap (&one->key, key);
      if (there == 0) {
        read_clocks (one->at);
        if (counting.asleep) { counting.asleep = 0; counted (); }
        return one;
      }
    }
    if (there == (gssize) key) return one;
    i = (i + 1) & ${MOST_TALLIES - 1};
  }
  return NULL;
}

static void count_one (Thread * t, const Getter * g, gpointer self, u64 cause, u32 internal) {
  u32 half = counting.epoch & 1;
  u64 key = cause * ${CAUSE} | (u64) g->index << 1 | internal, id;
  Tally * tally = tally_of (half, key);
  Shard * shard;
  int added;
  if (tally == NULL) { drop_own (); return; }
  shard = &tally->shards[t->index & ${SHARDS - 1}];
  g_atomic_pointer_add (&shard->count, 1);
  id = identify (g, self);
  added = id == 0 ? -1 : add (windows + half * ${WINDOW_SLOTS}, ${WINDOW_SLOTS - 1}, &counting.used[half], id ^ key * MIX);
  if (added < 0) g_atomic_pointer_add (&shard->vague, 1);
  else if (added) {
    g_atomic_pointer_add (&shard->assets, 1);
    if (!counting.unseen && add (seen, ${SEEN_SLOTS - 1}, &counting.seen_used, id ^ g->index * MIX) > 0) g_atomic_pointer_add (&shard->fresh, 1);
  }
}

/* Return whether the thread is still in the last counted getter: one getter that calls another is one act of the app. */
static int is_in_counted (const Thread * t, u64 sp, u64 fp) {
  if (t->site_sp <= sp || t->site_sp - sp > 16384) return 0;
#if defined (HAVE_ARM64)
  while (fp > sp && fp < t->site_sp && (fp & 7) == 0) {
    if ((((u64 *) fp)[1] & control.mask) == t->site_from) return 1;
    if (((u64 *) fp)[0] <= fp) return 0;
    fp = ((u64 *) fp)[0];
  }
  return 0;
#else
  return *(u64 *) t->site_sp == t->site_from;
#endif
}

/* The system's code calls: return whether a framework does so for itself, or inside a call that is seen already. */
static int is_internal (Thread * t, u64 from, u64 sp, u64 fp) {
  while (t->depth != 0 && t->frames[t->depth - 1].sp != 0 && t->frames[t->depth - 1].sp < sp) t->depth--;
  if (t->depth != 0 && t->frames[t->depth - 1].owner == 0) return 1;
  return is_in_counted (t, sp, fp) || !is_apps (from, sp, fp, t->site_sp > sp ? t->site_from : 0);
}

void count_getter (const Getter * g, gpointer self, u64 from, u64 sp, u64 fp) {
  Thread * t;
  u32 internal = 0;
  if (!control.running) return;
  t = known ();
  if (t == NULL) t = adopt (thread_here ());
  if (t == NULL) {
    drop_own ();
    return;
  }
  t->inside++;
  t->calls++;
  from &= control.mask;
  if (image_at (from) == NULL) internal = is_internal (t, from, sp, fp);
  if (!internal) { t->site_sp = sp; t->site_from = from; }
  if (!internal || control.internal) count_one (t, g, self, origins == 0 ? 0 : origin_here (sp), internal);
  t->inside--;
}

/* Return whether every thread has left what it was in when this was first asked. */
u32 is_settled (u32 first) {
  u32 i, settled = 1;
  for (i = 0; i != ${THREADS}; i++) {
    Thread * t = &threads[i];
    if (first) calls_then[i] = t->calls;
    if (t->inside != 0 && t->calls == calls_then[i]) settled = 0;
  }
  return settled;
}

/* Write what a half has counted to results, and empty it; returns how many. No thread may be in it. */
u32 take_half (u32 half) {
  Tally * all = tallies + half * ${MOST_TALLIES};
  u32 i, j, n = 0;
  for (i = 0; i != ${MOST_TALLIES}; i++) {
    Tally * one = &all[i];
    Result * r = &results[n];
    if (one->key == 0) continue;
    memset (r, 0, sizeof (Result));
    r->key = one->key;
    memcpy (r->at, one->at, 16);
    for (j = 0; j != ${SHARDS}; j++) {
      r->count += one->shards[j].count;
      r->assets += one->shards[j].assets;
      r->fresh += one->shards[j].fresh;
      r->vague += one->shards[j].vague;
    }
    memset (one, 0, sizeof (Tally));
    n++;
  }
  if (counting.used[half] != 0) memset ((void *) (windows + half * ${WINDOW_SLOTS}), 0, ${WINDOW_SLOTS} * 8);
  counting.used[half] = 0;
  return n;
}

/* No thread may be in the set. */
void forget_seen (void) {
  if (counting.seen_used != 0) memset ((void *) seen, 0, sizeof (seen));
  counting.seen_used = 0;
}
`;
