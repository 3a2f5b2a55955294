// From a call's arguments to the plain values of an event. No content: numbers, counts, sizes, a salted hash.
import { floatPair } from "../objc/floats.js";
import { ask } from "../objc/messages.js";
import { checkedClassOf, className, isKind, readIvar } from "../objc/runtime.js";
import { isAskable, toCount, toText } from "../objc/values.js";
import type { Depth, Plain } from "../protocol.js";
import type { Recording } from "../recording.js";
import { queryKeys } from "./query_keys.js";
import type { Decode, Probe } from "./catalogue/types.js";

/** Source: contract, section 1. */
export const THUMBNAIL_PX = 512;

/** Names from the app in `detail` are cut to this many characters. */
const MOST_TEXT = 128;

const NOTHING: Record<string, Plain> = {};

export type ReadDetail = (context: InvocationContext, args: InvocationArguments) => Record<string, Plain>;

export function detailReader(decode: Decode): ReadDetail {
  const numbers = Object.entries(decode.numbers ?? {});
  const counts = Object.entries(decode.counts ?? {});
  const named = [decode.client, decode.host, decode.query, decode.type, decode.cls].some((at) => at !== undefined);
  if (numbers.length + counts.length === 0 && decode.size === undefined && !named) return () => NOTHING;
  return (context, args) => {
    const detail: Record<string, Plain> = {};
    for (const [name, at] of numbers) detail[name] = args[at]!.toInt32();
    for (const [name, at] of counts) detail[name] = toCount(args[at]!);
    if (decode.size === true) putSize(detail, context.context);
    if (decode.client !== undefined) detail["client"] = clientOf(args[decode.client]!);
    if (decode.query !== undefined) Object.assign(detail, queryKeys(args[decode.query]!));
    if (decode.host !== undefined) detail["host"] = hostOf(args[decode.host]!);
    if (decode.type !== undefined) detail["type"] = typeOf(args[decode.type]!);
    if (decode.cls !== undefined) detail["class"] = nameOf(args[decode.cls]!);
    return detail;
  };
}

/** Return the bundle identifier of a client, from where the daemon keeps it. Source: PLClientAuthorization, seen in runtime dumps. */
function clientOf(object: NativePointer): string | null {
  if (object.isNull()) return null;
  try {
    const value = readIvar(object, checkedClassOf(object), "_trustedCallerBundleID");
    return value === null ? null : toText(value);
  } catch {
    return null;
  }
}

/** Return the host of a request's address: never its path, its query or its headers. */
function hostOf(request: NativePointer): string | null {
  const url = askFor(request, "NSURLRequest", "URL");
  return url === null ? null : toText(askFor(url, "NSURL", "host") ?? NULL);
}

const cut = (text: string | null): string | null => (text === null ? null : [...text.slice(0, 2 * MOST_TEXT)].slice(0, MOST_TEXT).join(""));

function typeOf(type: NativePointer): string | null {
  return cut(toText(type) ?? toText(askFor(type, "UTType", "identifier") ?? NULL));
}

function nameOf(cls: NativePointer): string | null {
  try {
    return cls.isNull() ? null : cut(className(cls));
  } catch {
    return null;
  }
}

function askFor(object: NativePointer, name: string, accessor: string): NativePointer | null {
  try {
    return !object.isNull() && isAskable(checkedClassOf(object), name) ? ask(object, accessor) : null;
  } catch {
    return null;
  }
}

function putSize(detail: Record<string, Plain>, context: CpuContext): void {
  const size = floatPair(context);
  detail["width"] = finite(size?.[0]);
  detail["height"] = finite(size?.[1]);
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** Return the depth of a call. Where the size cannot be read, only what is certain: a thumbnail. */
export function depthOf(probe: Probe, detail: Record<string, Plain>): Depth {
  if (probe.decode.size !== true) return probe.depth!;
  const { width, height } = detail;
  if (typeof width !== "number" || typeof height !== "number") return "thumbnail";
  // A negative size is PHImageManagerMaximumSize: the original. Source: PHImageManager.h.
  return width < 0 || height < 0 || Math.max(width, height) > THUMBNAIL_PX ? "data" : "thumbnail";
}

/** The ivars that hold an asset's identifier. Source: the stand-in; on a phone null where the class has none of them. */
export const IDENTIFIER_IVARS = ["_uuid", "_assetLocalIdentifier", "_localIdentifier"];
export const ASSET_IVAR = "_asset";

/** Whether objects of a class are about an asset. */
export const holdsIdentifier = (cls: NativePointer): boolean => isKind(cls, "PHObject") || isKind(cls, "PHAssetResource");

export function assetOf(recording: Recording, object: NativePointer): string | null {
  const identifier = identifierOf(object, 0);
  return identifier === null ? null : assetNamed(recording, identifier);
}

/** Return the hash of an asset by its local identifier, whose first part is the asset's own. */
export function assetNamed(recording: Recording, identifier: string): string {
  return hashOf(recording.options.salt + identifier.split("/")[0]!);
}

const MOST_HASHES = 4096;
const hashes = new Map<string, string>();

function hashOf(salted: string): string {
  let hash = hashes.get(salted);
  if (hash === undefined) {
    if (hashes.size >= MOST_HASHES) hashes.clear();
    hash = Checksum.compute("sha256", salted);
    hashes.set(salted, hash);
  }
  return hash;
}

/** Return the identifier that an object of Photos holds; null where it has none, or is no such object. */
export function identifierOf(object: NativePointer, hops: number): string | null {
  if (object.isNull() || hops > 1) return null;
  try {
    const cls = checkedClassOf(object);
    if (holdsIdentifier(cls)) {
      for (const name of IDENTIFIER_IVARS) {
        const value = readIvar(object, cls, name);
        const text = value === null ? null : toText(value);
        if (text !== null) return text;
      }
      const asset = readIvar(object, cls, ASSET_IVAR);
      if (asset !== null) return identifierOf(asset, hops + 1);
    }
  } catch {
    // Not an object, or freed already.
  }
  return null;
}
