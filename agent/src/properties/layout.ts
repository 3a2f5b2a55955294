// What C and JavaScript share of the counted getters: sizes, and offsets in bytes. The structures are declared in counting_c.ts.

/** How many pairs of symbol and cause can be counted in one second. Calls beyond them are counted as lost. */
export const MOST_TALLIES = 512;
export const SHARDS = 4;
export const TALLY_BYTES = 64 + SHARDS * 64;

/** Slots for the assets of one second, and for those of a run; a quarter of them stays empty. What finds no slot makes a lower bound. */
export const WINDOW_SLOTS = 65_536;
export const SEEN_SLOTS = 131_072;

export const COUNTING_BYTES = 64;
export const COUNTING = { epoch: 0, asleep: 4, unseen: 8, used: 16, seenUsed: 24, salt: 32 } as const;

/** Parameters of a getter: its number, where its object keeps the identifier's text, and through which object. */
export const GETTER = { index: 0, offset: 4, hop: 8, bytes: 16 } as const;

/** A pair as C hands it over. */
export const RESULT = { key: 0, at: 8, count: 24, assets: 32, fresh: 40, vague: 48, bytes: 56 } as const;

/** In a key: the cause from CAUSE up, then the getter's number, then whether the calls were a framework's own. */
export const CAUSE = 256;
