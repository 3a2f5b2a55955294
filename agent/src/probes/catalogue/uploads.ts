// Photos that the system uploads for an app: no byte passes through its process. Source: PHAssetResourceUploadJobChangeRequest.h, PHPhotoLibrary.h (iOS 26.1 to 27).
import type { Depth } from "../../protocol.js";
import { type Decode, type Probe, row } from "./types.js";

const job = (name: string, symbol: string, depth: Depth, since: string, decode: Decode = {}): Probe =>
  row(`asset-resource-upload-job-change-request.${name}`, symbol.replace(" ", "[PHAssetResourceUploadJobChangeRequest ") + "]", depth, { since, decode });
const extension = (name: string, selector: string, since: string, decode: Decode = {}): Probe =>
  row(`photo-library.${name}`, `-[PHPhotoLibrary ${selector}]`, "open", { since, decode });

export const uploads: readonly Probe[] = [
  job("create-job-with-destination", "+ createJobWithDestination:resource:", "upload", "26.1", { asset: 3, host: 2 }),
  job("creation-request-for-job-with-destination", "+ creationRequestForJobWithDestination:resource:", "upload", "26.4", { asset: 3, host: 2 }),
  job("retry-with-destination", "- retryWithDestination:", "upload", "26.1", { host: 2 }),
  // It brings bytes to the phone and sends none.
  job("creation-request-for-download-job-with-resource", "+ creationRequestForDownloadJobWithResource:", "write", "26.4", { asset: 2 }),
  job("change-request-for-upload-job", "+ changeRequestForUploadJob:", "write", "26.1"),
  job("acknowledge", "- acknowledge", "write", "26.1"),
  job("cancel", "- cancel", "write", "26.4"),
  extension("set-upload-job-extension-enabled", "setUploadJobExtensionEnabled:error:", "26.1", { numbers: { enabled: 2 } }),
  extension("enable-upload-job-extension-with-options", "enableUploadJobExtensionWithOptions:error:", "27.0"),
  extension("disable-upload-job-extension-with-error", "disableUploadJobExtensionWithError:", "27.0"),
  extension("set-upload-job-extension-options", "setUploadJobExtensionOptions:error:", "27.0"),
];
