// Private choke points. Their names change every few releases: optional, probed, reported.
// Source: runtime dumps of iOS 12.0, 15.0 and 17.0.3, and public symbol diffs up to 18.4.
import { type Probe, row } from "./types.js";

const both = ["app", "assetsd"] as const;

export const privates: readonly Probe[] = [
  row("query.execute", "-[PHQuery executeQuery]", "metadata", { since: null, timed: true, funnel: true }),
  row("image-manager.av-proxy", "-[PHImageManager requestAVProxyForAsset:options:resultHandler:]", "data", { since: null, decode: { asset: 2, handlers: [{ at: 4, info: 2 }] } }),
  row("image-manager.video-url", "-[PHImageManager requestURLForVideo:options:resultHandler:]", "data", { since: null, decode: { asset: 2, handlers: [{ at: 4, info: 3 }] } }),
  row("resource-manager.file-url", "-[PHAssetResourceManager requestFileURLForAssetResource:options:urlReceivedHandler:completionHandler:]", "data", { since: null, decode: { asset: 2, handlers: [{ at: 5, error: 1 }] } }),
  row("caching-manager.image", "-[PHCachingImageManager requestImageForAsset:targetSize:contentMode:options:resultHandler:]", "data", { since: null, decode: { asset: 2, size: true, numbers: { contentMode: 3 }, handlers: [{ at: 5, info: 2 }] } }),
  row("accounting", "-[PAAccessLogger log:reason:]", null, { since: null, handle: "accounting-send", sets: both }),
  row("accounting.begin", "-[PAAccessLogger beginIntervalForAccess:]", null, { since: null, handle: "accounting-begin", sets: both }),
  row("accounting.coalesce", "-[PACoalescingIntervalTracker coalesce:]", null, { since: null, handle: "accounting-coalesce", sets: both }),
  row("assetsd.bind", "-[PLPrivacy logPhotosAccessWithClientAuthorization:]", "open", { since: null, sets: ["assetsd"] }),
  row("assetsd.picker", "-[PLPrivacy logPhotosAccessWithPhotoPickerClientIdentification:]", "picker", { since: null, sets: ["assetsd"] }),
  row("assetsd.report", "-[PLPrivacy reportPhotosUseWithClientAuthorization:]", null, { since: null, sets: ["assetsd"] }),
];
