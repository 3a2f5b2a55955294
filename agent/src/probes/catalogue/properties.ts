// Getters that say something about a photo and are no query: counted, not recorded one by one (../../properties/).
// What a query has loaded already is read without any other call. Source: PHAsset.h, PHAssetResource.h, PHAssetExtendedMetadata.h,
// and decompiled Photos of iOS 16.5 to 26 for the private ones.
import { type Options, type Probe, row } from "./types.js";

const counted = (name: string, symbol: string, options: Options = {}): Probe => row(`property.${name}`, symbol, null, { handle: "property", ...options });
const hidden = (name: string, symbol: string, options: Options = {}): Probe => counted(name, symbol, { since: null, ...options });

export const properties: readonly Probe[] = [
  counted("place", "-[PHAsset location]"),
  // Once for each object, by `location` too: what is counted here came to the place on another way.
  hidden("place-storage", "-[PHAsset _uncachedLocation]"),
  counted("extended-metadata", "-[PHAsset extendedMetadata]", { since: "27.0" }),
  hidden("original-filename", "-[PHAsset originalFilename]"),
  hidden("filename", "-[PHAsset filename]"),
  counted("resource-original-filename", "-[PHAssetResource originalFilename]", { since: "9", deprecated: "27.0" }),
  counted("resource-filename", "-[PHAssetResource filename]", { since: "27.0" }),
  counted("resource-data-size", "-[PHAssetResource dataSize]", { since: "27.0" }),
  hidden("resource-file-size", "-[PHAssetResource fileSize]"),
  // A set of properties that the query did not load is loaded for one photo, by any getter of that set.
  hidden("set", "-[PHAsset _createPropertyObjectOfClass:]"),
  hidden("set-prefetched", "-[PHAsset _createPropertyObjectOfClass:preFetchedProperties:]"),
];
