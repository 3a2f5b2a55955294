// What a row of the catalogue contains. Data only: no code per hook.
import type { Depth, ProbeSet } from "../../protocol.js";

/** Where a handler block of a call is, and which of its parameters mean what; the block itself is its parameter 0. */
export interface Handler {
  readonly at: number;
  readonly data?: number;
  readonly info?: number;
  readonly error?: number;
  readonly success?: number;
  readonly status?: number;
}

/** Which arguments mean what. Integer registers count: self is 0, _cmd is 1, the first argument is 2. */
export interface Decode {
  /** A PHAsset, PHAssetResource or other object that an asset's identifier can be read from. */
  readonly asset?: number;
  /** An observer, which must be an object. */
  readonly observer?: number;
  /** In assetsd: the client for which it acts; its bundle identifier goes into `detail`. */
  readonly client?: number;
  /** An NSURLRequest: only the host of its address goes into `detail`. */
  readonly host?: number;
  /** A PHFetchOptions: the keys that it tests and sorts by go into `detail`, never a value. */
  readonly query?: number;
  /** Whole numbers for `detail`, by name. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** Arrays for `detail`: how many they hold. */
  readonly counts?: Readonly<Record<string, number>>;
  /** The target size travels in floating-point registers; it decides between thumbnail and data. */
  readonly size?: true;
  /** The authorization level; without one it is read-write. */
  readonly level?: number;
  readonly handlers?: readonly Handler[];
  /** A type of content, as text or as UTType: its identifier, cut to MOST_TEXT characters, goes into `detail`. */
  readonly type?: number;
  /** A class whose name goes into `detail`. */
  readonly cls?: number;
  /** No event where this argument has this value. */
  readonly unless?: { readonly at: number; readonly is: number };
}

export type Handle =
  | "access"
  | "observer"
  | "observer-gone"
  | "callback"
  | "status"
  | "ask"
  | "delegate"
  | "task"
  | "input"
  | "posted"
  | "picker-load"
  | "picker-result"
  | "picker-copy"
  | "property"
  | "accounting-send"
  | "accounting-begin"
  | "accounting-coalesce"
  | "accounting-expire"
  | "observer-table"
  | "internal";

export interface Probe {
  readonly probe: string;
  /** `+[Class selector]`, `-[Class selector]`, a function's name; `-[* selector]` is hooked on the classes that implement a callback. */
  readonly symbol: string;
  readonly depth: Depth | null;
  readonly required: boolean;
  readonly since: string | null;
  readonly deprecated: string | null;
  readonly handle: Handle;
  readonly decode: Decode;
  /** A `return` event with duration and CPU time follows. */
  readonly timed: boolean;
  /** A framework's own funnel: without code of the app on the stack, the app did not ask. */
  readonly funnel: boolean;
  readonly sets: readonly ProbeSet[];
}

export interface Exclusion {
  readonly symbol: string;
  readonly reason: string;
}

export type Options = Partial<Omit<Probe, "probe" | "symbol" | "depth">>;

/** Make a row: public, optional, since iOS 8, an access without details, in the app's set. */
export function row(probe: string, symbol: string, depth: Depth | null, options: Options = {}): Probe {
  return {
    probe,
    symbol,
    depth,
    required: false,
    since: "8",
    deprecated: null,
    handle: "access",
    decode: {},
    timed: false,
    funnel: false,
    sets: ["app"],
    ...options,
  };
}

const words = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();

/** As `row`, named after its method: `-[PHAsset fetchAssetsWithOptions:]` is `asset.fetch-assets-with-options`. */
export function named(symbol: string, depth: Depth | null, options: Options = {}): Probe {
  const [, cls, selector] = /\[(?:PH)?(\w+) (\w+)/.exec(symbol)!;
  return row(`${words(cls!)}.${words(selector!)}`, symbol, depth, options);
}
