// Everything that fetches metadata. Source: PHAsset.h, PHCollection.h, PHAssetResource.h, PHCloudIdentifier.h.
import { named, type Probe, row } from "./types.js";

const all: readonly Probe[] = [
  named("+[PHAsset fetchAssetsInAssetCollection:options:]", "metadata", { required: true, timed: true }),
  named("+[PHAsset fetchAssetsWithALAssetURLs:options:]", "metadata", { deprecated: "11", timed: true }),
  named("+[PHAsset fetchAssetsWithBurstIdentifier:options:]", "metadata", { required: true, timed: true }),
  named("+[PHAsset fetchAssetsWithLocalIdentifiers:options:]", "metadata", { required: true, timed: true, decode: { counts: { identifiers: 2 } } }),
  named("+[PHAsset fetchAssetsWithMediaType:options:]", "metadata", { required: true, timed: true, decode: { numbers: { mediaType: 2 } } }),
  named("+[PHAsset fetchAssetsWithOptions:]", "metadata", { required: true, timed: true }),
  named("+[PHAsset fetchKeyAssetsInAssetCollection:options:]", "metadata", { required: true, timed: true }),
  named("+[PHAssetCollection fetchAssetCollectionsContainingAsset:withType:options:]", "metadata", { required: true, timed: true, decode: { asset: 2, numbers: { type: 3 } } }),
  named("+[PHAssetCollection fetchAssetCollectionsWithALAssetGroupURLs:options:]", "metadata", { deprecated: "16", timed: true }),
  named("+[PHAssetCollection fetchAssetCollectionsWithLocalIdentifiers:options:]", "metadata", { required: true, timed: true, decode: { counts: { identifiers: 2 } } }),
  named("+[PHAssetCollection fetchAssetCollectionsWithType:subtype:options:]", "metadata", { required: true, timed: true, decode: { numbers: { type: 2, subtype: 3 } } }),
  named("+[PHAssetCollection fetchMomentsInMomentList:options:]", "metadata", { deprecated: "13", timed: true }),
  named("+[PHAssetCollection fetchMomentsWithOptions:]", "metadata", { deprecated: "13", timed: true }),
  named("+[PHAssetResource assetResourcesForAsset:]", "metadata", { required: true, since: "9", timed: true, decode: { asset: 2 } }),
  named("+[PHAssetResource assetResourcesForLivePhoto:]", "metadata", { since: "9.1", timed: true }),
  named("+[PHCollection fetchCollectionsInCollectionList:options:]", "metadata", { required: true, timed: true }),
  named("+[PHCollection fetchTopLevelUserCollectionsWithOptions:]", "metadata", { required: true, timed: true }),
  named("+[PHCollectionList fetchCollectionListsContainingCollection:options:]", "metadata", { required: true, timed: true }),
  named("+[PHCollectionList fetchCollectionListsWithLocalIdentifiers:options:]", "metadata", { required: true, timed: true, decode: { counts: { identifiers: 2 } } }),
  named("+[PHCollectionList fetchCollectionListsWithType:subtype:options:]", "metadata", { required: true, timed: true, decode: { numbers: { type: 2, subtype: 3 } } }),
  named("+[PHCollectionList fetchMomentListsWithSubtype:containingMoment:options:]", "metadata", { deprecated: "13", timed: true }),
  row("collection-list.fetch-moment-lists-with-subtype-options", "+[PHCollectionList fetchMomentListsWithSubtype:options:]", "metadata", { deprecated: "13", timed: true }),
  named("+[PHAssetResourceUploadJob fetchJobsWithAction:options:]", "metadata", { since: "26.1", timed: true, decode: { numbers: { action: 2 } } }),
  named("+[PHAssetResource assetResourceForUploadJob:]", "metadata", { since: "27.0", timed: true }),
  named("-[PHPhotoLibrary cloudIdentifierMappingsForLocalIdentifiers:]", "metadata", { since: "15", timed: true, decode: { counts: { identifiers: 2 } } }),
  named("-[PHPhotoLibrary localIdentifierMappingsForCloudIdentifiers:]", "metadata", { since: "15", timed: true, decode: { counts: { identifiers: 2 } } }),
  named("-[PHPhotoLibrary localIdentifierMappingsForSyncedCloudIdentifiers:]", "metadata", { since: "27.0", timed: true, decode: { counts: { identifiers: 2 } } }),
];

/** What a method takes as `options:` at its end says what the query tests. */
export const queries: readonly Probe[] = all.map((probe) =>
  /[oO]ptions:\]$/.test(probe.symbol) ? { ...probe, decode: { ...probe.decode, query: probe.symbol.split(":").length } } : probe,
);
