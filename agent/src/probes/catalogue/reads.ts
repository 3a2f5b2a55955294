// Pixels and bytes. Source: PHImageManager.h, PHAssetResourceManager.h, PHContentEditingInput.h, PHLivePhoto.h.
import { type Probe, row } from "./types.js";

export const reads: readonly Probe[] = [
  row("asset.request-content-editing-input-with-options", "-[PHAsset requestContentEditingInputWithOptions:completionHandler:]", "data", { required: true, decode: { asset: 0, handlers: [{ at: 3, info: 2 }] } }),
  row("asset-resource-manager.request-data-for-asset-resource", "-[PHAssetResourceManager requestDataForAssetResource:options:dataReceivedHandler:completionHandler:]", "data", { required: true, since: "9", decode: { asset: 2, handlers: [{ at: 4, data: 1 }, { at: 5, error: 1 }] } }),
  row("asset-resource-manager.write-data-for-asset-resource", "-[PHAssetResourceManager writeDataForAssetResource:toFile:options:completionHandler:]", "data", { required: true, since: "9", decode: { asset: 2, handlers: [{ at: 5, error: 1 }] } }),
  row("caching-image-manager.start-caching-images-for-assets", "-[PHCachingImageManager startCachingImagesForAssets:targetSize:contentMode:options:]", "data", { required: true, decode: { size: true, counts: { assets: 2 } } }),
  row("content-editing-input.audiovisual-asset", "-[PHContentEditingInput audiovisualAsset]", "data", { since: "9" }),
  row("content-editing-input.av-asset", "-[PHContentEditingInput avAsset]", "data", { deprecated: "9" }),
  row("content-editing-input.display-size-image", "-[PHContentEditingInput displaySizeImage]", "data"),
  row("content-editing-input.full-size-image-url", "-[PHContentEditingInput fullSizeImageURL]", "data"),
  row("content-editing-input.live-photo", "-[PHContentEditingInput livePhoto]", "data", { since: "10" }),
  row("image-manager.request-avasset-for-video", "-[PHImageManager requestAVAssetForVideo:options:resultHandler:]", "data", { required: true, decode: { asset: 2, handlers: [{ at: 4, info: 3 }] } }),
  row("image-manager.request-export-session-for-video", "-[PHImageManager requestExportSessionForVideo:options:exportPreset:resultHandler:]", "data", { required: true, decode: { asset: 2, handlers: [{ at: 5, info: 2 }] } }),
  row("image-manager.request-image-data-and-orientation-for-asset", "-[PHImageManager requestImageDataAndOrientationForAsset:options:resultHandler:]", "data", { since: "13", decode: { asset: 2, handlers: [{ at: 4, data: 1, info: 4 }] } }),
  row("image-manager.request-image-data-for-asset", "-[PHImageManager requestImageDataForAsset:options:resultHandler:]", "data", { deprecated: "13", decode: { asset: 2, handlers: [{ at: 4, data: 1, info: 4 }] } }),
  row("image-manager.request-image-for-asset", "-[PHImageManager requestImageForAsset:targetSize:contentMode:options:resultHandler:]", "data", { required: true, decode: { asset: 2, size: true, numbers: { contentMode: 3 }, handlers: [{ at: 5, info: 2 }] } }),
  row("image-manager.request-live-photo-for-asset", "-[PHImageManager requestLivePhotoForAsset:targetSize:contentMode:options:resultHandler:]", "data", { since: "9.1", decode: { asset: 2, size: true, numbers: { contentMode: 3 }, handlers: [{ at: 5, info: 2 }] } }),
  row("image-manager.request-player-item-for-video", "-[PHImageManager requestPlayerItemForVideo:options:resultHandler:]", "data", { required: true, decode: { asset: 2, handlers: [{ at: 4, info: 2 }] } }),
  row("live-photo.request-live-photo-with-resource-file-urls", "+[PHLivePhoto requestLivePhotoWithResourceFileURLs:placeholderImage:targetSize:contentMode:resultHandler:]", "data", { since: "9.1", decode: { size: true, counts: { files: 2 }, handlers: [{ at: 5, info: 2 }] } }),
];
