// Changes since a token, with no observer. Source: PHPhotoLibrary.h, PHPersistentChange.h (iOS 16).
import { type Probe, row } from "./types.js";

export const history: readonly Probe[] = [
  row("persistent-change.change-details-for-object-type", "-[PHPersistentChange changeDetailsForObjectType:error:]", "metadata", { since: "16", decode: { numbers: { objectType: 2 } } }),
  row("persistent-change-fetch-result.enumerate-changes-with-block", "-[PHPersistentChangeFetchResult enumerateChangesWithBlock:]", "metadata", { since: "16" }),
  row("photo-library.current-change-token", "-[PHPhotoLibrary currentChangeToken]", "metadata", { since: "16" }),
  row("photo-library.fetch-persistent-changes-since-token", "-[PHPhotoLibrary fetchPersistentChangesSinceToken:error:]", "metadata", { since: "16" }),
];
