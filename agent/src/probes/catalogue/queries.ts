// Everything that fetches metadata. Source: PHAsset.h, PHCollection.h, PHAssetResource.h.
import { type Probe, row } from "./types.js";

export const queries: readonly Probe[] = [
  row("asset.fetch-assets-in-asset-collection", "+[PHAsset fetchAssetsInAssetCollection:options:]", "metadata", { required: true, timed: true }),
  row("asset.fetch-assets-with-alasset-urls", "+[PHAsset fetchAssetsWithALAssetURLs:options:]", "metadata", { deprecated: "11", timed: true }),
  row("asset.fetch-assets-with-burst-identifier", "+[PHAsset fetchAssetsWithBurstIdentifier:options:]", "metadata", { required: true, timed: true }),
  row("asset.fetch-assets-with-local-identifiers", "+[PHAsset fetchAssetsWithLocalIdentifiers:options:]", "metadata", { required: true, timed: true, decode: { counts: { identifiers: 2 } } }),
  row("asset.fetch-assets-with-media-type", "+[PHAsset fetchAssetsWithMediaType:options:]", "metadata", { required: true, timed: true, decode: { numbers: { mediaType: 2 } } }),
  row("asset.fetch-assets-with-options", "+[PHAsset fetchAssetsWithOptions:]", "metadata", { required: true, timed: true }),
  row("asset.fetch-key-assets-in-asset-collection", "+[PHAsset fetchKeyAssetsInAssetCollection:options:]", "metadata", { required: true, timed: true }),
  row("asset-collection.fetch-asset-collections-containing-asset", "+[PHAssetCollection fetchAssetCollectionsContainingAsset:withType:options:]", "metadata", { required: true, timed: true, decode: { asset: 2, numbers: { type: 3 } } }),
  row("asset-collection.fetch-asset-collections-with-alasset-group-urls", "+[PHAssetCollection fetchAssetCollectionsWithALAssetGroupURLs:options:]", "metadata", { deprecated: "16", timed: true }),
  row("asset-collection.fetch-asset-collections-with-local-identifiers", "+[PHAssetCollection fetchAssetCollectionsWithLocalIdentifiers:options:]", "metadata", { required: true, timed: true, decode: { counts: { identifiers: 2 } } }),
  row("asset-collection.fetch-asset-collections-with-type", "+[PHAssetCollection fetchAssetCollectionsWithType:subtype:options:]", "metadata", { required: true, timed: true, decode: { numbers: { type: 2, subtype: 3 } } }),
  row("asset-collection.fetch-moments-in-moment-list", "+[PHAssetCollection fetchMomentsInMomentList:options:]", "metadata", { deprecated: "13", timed: true }),
  row("asset-collection.fetch-moments-with-options", "+[PHAssetCollection fetchMomentsWithOptions:]", "metadata", { deprecated: "13", timed: true }),
  row("asset-resource.asset-resources-for-asset", "+[PHAssetResource assetResourcesForAsset:]", "metadata", { required: true, since: "9", timed: true, decode: { asset: 2 } }),
  row("asset-resource.asset-resources-for-live-photo", "+[PHAssetResource assetResourcesForLivePhoto:]", "metadata", { since: "9.1", timed: true }),
  row("collection.fetch-collections-in-collection-list", "+[PHCollection fetchCollectionsInCollectionList:options:]", "metadata", { required: true, timed: true }),
  row("collection.fetch-top-level-user-collections-with-options", "+[PHCollection fetchTopLevelUserCollectionsWithOptions:]", "metadata", { required: true, timed: true }),
  row("collection-list.fetch-collection-lists-containing-collection", "+[PHCollectionList fetchCollectionListsContainingCollection:options:]", "metadata", { required: true, timed: true }),
  row("collection-list.fetch-collection-lists-with-local-identifiers", "+[PHCollectionList fetchCollectionListsWithLocalIdentifiers:options:]", "metadata", { required: true, timed: true, decode: { counts: { identifiers: 2 } } }),
  row("collection-list.fetch-collection-lists-with-type", "+[PHCollectionList fetchCollectionListsWithType:subtype:options:]", "metadata", { required: true, timed: true, decode: { numbers: { type: 2, subtype: 3 } } }),
  row("collection-list.fetch-moment-lists-with-subtype", "+[PHCollectionList fetchMomentListsWithSubtype:containingMoment:options:]", "metadata", { deprecated: "13", timed: true }),
  row("collection-list.fetch-moment-lists-with-subtype-options", "+[PHCollectionList fetchMomentListsWithSubtype:options:]", "metadata", { deprecated: "13", timed: true }),
  row("asset-resource-upload-job.fetch-jobs-with-action", "+[PHAssetResourceUploadJob fetchJobsWithAction:options:]", "metadata", { since: "26.1", timed: true, decode: { numbers: { action: 2 } } }),
];
