// What C and JavaScript share of the origins: sizes, offsets in bytes, and the sorts of hand-offs that cannot be followed.

export const THREADS = 512;
/** How many origins may be in force on one thread, one inside the other. */
export const DEEPEST = 24;
export const THREAD_BYTES = 16 + DEEPEST * 24;

/** Why the origin of some work is not known, in the order in which C counts them. */
export const ESCAPES = ["threads", "depth", "overflow", "unhookable", "ambiguous", "source-function", "tasks", "task-late", "value"] as const;
export type Escape = (typeof ESCAPES)[number];

export const CONTROL_BYTES = 128;
/** In the structure Origins. */
export const CONTROL = { live: 0, escapes: 4, currentTask: 56, originOfTask: 64, resumedByOfTask: 72, images: 80 } as const;
