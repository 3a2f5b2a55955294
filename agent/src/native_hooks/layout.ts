// What C and JavaScript share: sizes, and offsets in bytes. The structures are declared in ring_c.ts.

/** How many events the ring holds, both powers of two: at 200,000 a second, 160 ms of them; in a file (ring_file.ts), 5 s. */
export const RING = 32_768;
export const FILE_RING = 1_048_576;
export const RECORD_BYTES = 136;
/** How many records may retain a text of the app's. */
export const MOST_TEXTS = 131_072;

export const THREADS = 512;
export const FRAMES = 24;
export const THREAD_BYTES = 64 + FRAMES * 16;
/** In a thread. */
export const THREAD = { tid: 4, depth: 8, inside: 12, frames: 64 } as const;
/** In a frame. */
export const FRAME = { sp: 0, owner: 8, mark: 12, bytes: 16 } as const;
export const OWNERS = ["framework", "app"] as const;

/** Bits of `more`: call again; what was written is not placed. */
export const DRAINED = { more: 1, loose: 2 } as const;

export const CONTROL_BYTES = 1024;
export const CONTROL = {
  ticket: 0,
  room: 64,
  dropped: 128,
  tail: 192,
  first: 200,
  count: 208,
  bytes: 212,
  own: 216,
  more: 220,
  lost: 224,
  freshCount: 232,
  /** Where the host puts the events now; segment 0 where that is not known. */
  segment: 236,
  shift: 240,
  since: 248,
  running: 256,
  internal: 260,
  begins: 264,
  asleep: 268,
  key: 272,
  mask: 280,
  images: 288,
  rows: 296,
} as const;
/** Classes that C has asked about: each a word, whose lowest three bits say of what kind its objects are; 0: of none of these. */
export const MOST_KINDS = 64;
export const KINDS = { NSArray: 1, NSData: 2, NSDictionary: 3, NSString: 4, NSNumber: 5, NSBlock: 6 } as const;

/** For how long a thread's CPU time is extrapolated by the continuous clock before it is read again: a reading is a system call. */
export const CPU_HELD_NS = 50_000;

/** Kinds of hooks and of records. */
export const KIND = { access: 1, status: 2, coalesce: 3, answer: 4, script: 5, hole: 6, notification: 7, input: 8, delivery: 9 } as const;

export const HOOK_BYTES = 144;
export const HOOK = { kind: 0, timed: 4, funnel: 8, level: 12, numbers: 16, counts: 20, at: 24, head: 32, headLength: 40, names: 48, nameLengths: 64, query: 80, asset: 84, size: 88, handlers: 92, handler: 96 } as const;
/** In a handler; parameters that it does not have are 0, which is the block itself. */
export const HANDLER = { at: 0, data: 4, info: 8, error: 12, success: 16, bytes: 24 } as const;
export const MOST_HANDLERS = 2;
export const MOST_DETAILS = 2;

/** A kind of access in the accounting: class, offset of its service, the service, the text of its open interval. */
export const ROW = { cls: 0, offset: 8, service: 16, text: 24, bytes: 32 } as const;
export const MOST_ROWS = 32;

/** An image of the app: where it begins and ends, the Text that names it. */
export const IMAGE = { base: 0, end: 8, name: 16, bytes: 32 } as const;

export const OUT_BYTES = 262_144;

/** How many events one piece of a drain has at most, and so how many stacks that were not sent yet. */
export const MOST_EVENTS = 1000;

/** Observers' callbacks, as callbacks_c.ts has them: the latest whose implementations may call others, the classes that are known. */
export const MOST_SUBJECTS = 256;
export const MOST_OBSERVER_CLASSES = 64;
export const CALLBACKS = { classes: 8 + MOST_SUBJECTS * 32, bytes: 8 + MOST_SUBJECTS * 32 + (MOST_OBSERVER_CLASSES + 1) * 8 } as const;
/** Inputs, as inputs_c.ts has them. Source: UIEvent.h, UIEventType; UITouch.h and UIPress.h, whose phases have the same numbers. */
export const INPUTS = {
  touches: 0, presses: 3, began: 0, ended: 3, cancelled: 4,
  touch: 0, key: 1, other: 2,
  /** Events without a beginning that follow each other so closely are one. */
  oneSequence_s: 1,
  /** UIKit has one object for each sort of event, and uses it again. */
  sequences: 32,
  kinds: 16,
  selectors: 16,
  sequencesAt: 80 + 16 * 8,
  bytes: 80 + 16 * 8 + 32 * 24,
} as const;
export const INPUT_SELECTORS = ["type", "allTouches", "allPresses", "count", "anyObject", "allObjects", "objectAtIndex:", "phase"] as const;
export const CALLBACK_HOOK = { selector: 0, name: 16, type: 24, typeLength: 32, argued: 40, bytes: 48 } as const;

/** Assets, as assets_c.ts has them: classes whose objects hold an identifier, texts whose hash is known. */
export const ASSETS = { identities: 32, hashes: 8192, hashBytes: 104, pages: 4096 } as const;
export const IDENTITY = { cls: 0, texts: 8, asset: 20, bytes: 24 } as const;

/** Handlers, as deliveries_c.ts has them: blocks that are awaited, in sets by their address, and the code of blocks that has its hook. */
export const DELIVERIES = { sets: 4096, ways: 8, awaitedBytes: 32, locks: 64, lockBytes: 64, code: 2048 } as const;
export const KEYS = { degraded: 0, error: 8, cancelled: 16, lookUp: 24, flag: 32, length: 40, bytes: 48 } as const;
/** What a delivery says of an error. */
export const ERROR = { none: 0, failed: 1, cancelled: 2, text: 3 } as const;
