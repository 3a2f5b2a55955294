// Pixels and bytes. Source: PHImageManager.h, PHAssetResourceManager.h, PHContentEditingInput.h, PHLivePhoto.h.
import { named, type Probe } from "./types.js";

export const reads: readonly Probe[] = [
  named("-[PHAsset requestContentEditingInputWithOptions:completionHandler:]", "data", { required: true, decode: { asset: 0, handlers: [{ at: 3, info: 2 }] } }),
  named("-[PHAssetResourceManager requestDataForAssetResource:options:dataReceivedHandler:completionHandler:]", "data", { required: true, since: "9", decode: { asset: 2, handlers: [{ at: 4, data: 1 }, { at: 5, error: 1 }] } }),
  named("-[PHAssetResourceManager writeDataForAssetResource:toFile:options:completionHandler:]", "data", { required: true, since: "9", decode: { asset: 2, handlers: [{ at: 5, error: 1 }] } }),
  named("-[PHCachingImageManager startCachingImagesForAssets:targetSize:contentMode:options:]", "data", { required: true, decode: { size: true, counts: { assets: 2 } } }),
  named("-[PHContentEditingInput audiovisualAsset]", "data", { since: "9" }),
  named("-[PHContentEditingInput avAsset]", "data", { deprecated: "9" }),
  named("-[PHContentEditingInput displaySizeImage]", "data"),
  named("-[PHContentEditingInput fullSizeImageURL]", "data"),
  named("-[PHContentEditingInput livePhoto]", "data", { since: "10" }),
  named("-[PHImageManager requestAVAssetForVideo:options:resultHandler:]", "data", { required: true, decode: { asset: 2, handlers: [{ at: 4, info: 3 }] } }),
  named("-[PHImageManager requestExportSessionForVideo:options:exportPreset:resultHandler:]", "data", { required: true, decode: { asset: 2, handlers: [{ at: 5, info: 2 }] } }),
  named("-[PHImageManager requestImageDataAndOrientationForAsset:options:resultHandler:]", "data", { since: "13", decode: { asset: 2, handlers: [{ at: 4, data: 1, info: 4 }] } }),
  named("-[PHImageManager requestImageDataForAsset:options:resultHandler:]", "data", { deprecated: "13", decode: { asset: 2, handlers: [{ at: 4, data: 1, info: 4 }] } }),
  named("-[PHImageManager requestImageForAsset:targetSize:contentMode:options:resultHandler:]", "data", { required: true, decode: { asset: 2, size: true, numbers: { contentMode: 3 }, handlers: [{ at: 5, info: 2 }] } }),
  named("-[PHImageManager requestLivePhotoForAsset:targetSize:contentMode:options:resultHandler:]", "data", { since: "9.1", decode: { asset: 2, size: true, numbers: { contentMode: 3 }, handlers: [{ at: 5, info: 2 }] } }),
  named("-[PHImageManager requestPlayerItemForVideo:options:resultHandler:]", "data", { required: true, decode: { asset: 2, handlers: [{ at: 4, info: 2 }] } }),
  named("+[PHLivePhoto requestLivePhotoWithResourceFileURLs:placeholderImage:targetSize:contentMode:resultHandler:]", "data", { since: "9.1", decode: { size: true, counts: { files: 2 }, handlers: [{ at: 5, info: 2 }] } }),
];
