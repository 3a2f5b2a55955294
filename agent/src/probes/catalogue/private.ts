// Private choke points. Their names change every few releases: optional, probed, reported.
// Source: runtime dumps of iOS 12.0, 15.0 and 17.0.3, and public symbol diffs up to 27.0.
import type { Depth } from "../../protocol.js";
import { type Options, type Probe, row } from "./types.js";

const both = ["app", "assetsd"] as const;
const hidden = (probe: string, symbol: string, depth: Depth | null, options: Options = {}): Probe => row(probe, symbol, depth, { since: null, ...options });
/** The app never calls it: it shows what Photos did because of the app's calls. */
const internal = (probe: string, symbol: string, depth: Depth, options: Options = {}): Probe => hidden(probe, symbol, depth, { handle: "internal", ...options });
const registrar = (name: string, selector: string): string => `-[PHPhotoLibrary${name} ${selector}]`;
/** Where Photos adds observers to one of its tables: see ../observer_tables.ts. */
const table = (probe: string, name: string, selector: string): Probe =>
  hidden(`observer-table.${probe}`, registrar(name, `${selector}:authorizationStatus:`), "open", { handle: "observer-table", decode: { counts: { observers: 2 } } });

export const privates: readonly Probe[] = [
  hidden("query.execute", "-[PHQuery executeQuery]", "metadata", { timed: true, funnel: true }),
  hidden("image-manager.av-proxy", "-[PHImageManager requestAVProxyForAsset:options:resultHandler:]", "data", { decode: { asset: 2, handlers: [{ at: 4, info: 2 }] } }),
  hidden("image-manager.video-url", "-[PHImageManager requestURLForVideo:options:resultHandler:]", "data", { decode: { asset: 2, handlers: [{ at: 4, info: 3 }] } }),
  hidden("resource-manager.file-url", "-[PHAssetResourceManager requestFileURLForAssetResource:options:urlReceivedHandler:completionHandler:]", "data", { decode: { asset: 2, handlers: [{ at: 5, error: 1 }] } }),
  hidden("caching-manager.image", "-[PHCachingImageManager requestImageForAsset:targetSize:contentMode:options:resultHandler:]", "data", { decode: { asset: 2, size: true, numbers: { contentMode: 3 }, handlers: [{ at: 5, info: 2 }] } }),
  hidden("accounting", "-[PAAccessLogger log:reason:]", null, { handle: "accounting-send", sets: both }),
  hidden("accounting.begin", "-[PAAccessLogger beginIntervalForAccess:]", null, { handle: "accounting-begin", sets: both }),
  hidden("accounting.coalesce", "-[PACoalescingIntervalTracker coalesce:]", null, { handle: "accounting-coalesce", sets: both }),
  hidden("accounting.expire", "-[PACoalescingIntervalTracker expireIntervalWithMatcher:state:]", null, { handle: "accounting-expire", sets: both }),
  table("library", "", "_addObservers"),
  table("library-26", "", "_addChangeObservers"),
  table("registrar", "ObserverRegistrar", "addObservers"),
  table("change-registrar", "ChangeObserverRegistrar", "addObservers"),
  table("library-persistent-changes", "", "_addPersistentChangesObservers"),
  table("registrar-persistent-changes", "ChangeObserverRegistrar", "addPersistentChangesObservers"),
  internal("fan-out.merge", registrar("", "handleMergeNotification:"), "notification"),
  internal("fan-out.pass", registrar("", "_processPendingChanges"), "notification"),
  internal("fan-out.pass-with-event", registrar("", "_processPendingChangesWithDebugEvent:"), "notification"),
  internal("fan-out.publish", registrar("ObserverRegistrar", "publishChangesToObserversOnQueue:withBlock:"), "notification"),
  internal("fan-out.publish-with-event", registrar("ObserverRegistrar", "publishChangesToObserversOnQueue:withDebugEvent:block:"), "notification"),
  internal("fan-out.change-registrar", registrar("ChangeObserverRegistrar", "publishChangesToObserversOnQueue:withDebugEvent:block:"), "notification"),
  internal("privacy.self", "-[PLPrivacy logPhotosAccessWithSelfAuditToken]", "metadata"),
  internal("image-manager.request", "-[PHImageManager runRequestWithContext:]", "thumbnail"),
  internal("resource-manager.request", "-[PHAssetResourceManager _requestForAssetResource:loadURLOnly:options:urlReceivedHandler:dataReceivedHandler:completionHandler:]", "data", { decode: { asset: 2 } }),
  // Phones sold in mainland China. Source: facts, photokit-and-ios.md F.
  internal("regulatory.reading", "plslogGreenTeaReadingPhotosOrVideos", "metadata", { sets: both }),
  internal("regulatory.transmitting", "plslogGreenTeaTransmittingPhotosOrVideos", "data", { sets: both }),
  internal("regulatory.location", "plslogGreenTea", "metadata", { sets: both }),
  hidden("assetsd.bind", "-[PLPrivacy logPhotosAccessWithClientAuthorization:]", "open", { sets: ["assetsd"], decode: { client: 2 } }),
  hidden("assetsd.picker", "-[PLPrivacy logPhotosAccessWithPhotoPickerClientIdentification:]", "picker", { sets: ["assetsd"], decode: { client: 2 } }),
  internal("assetsd.report", "-[PLPrivacy reportPhotosUseWithClientAuthorization:]", "open", { sets: ["assetsd"], decode: { client: 2 } }),
];
