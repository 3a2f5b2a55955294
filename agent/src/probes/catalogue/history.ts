// Changes since a token, with no observer. Source: PHPhotoLibrary.h, PHPersistentChange.h (iOS 16).
import { named, type Probe } from "./types.js";

export const history: readonly Probe[] = [
  named("-[PHPersistentChange changeDetailsForObjectType:error:]", "metadata", { since: "16", decode: { numbers: { objectType: 2 } } }),
  named("-[PHPersistentChangeFetchResult enumerateChangesWithBlock:]", "metadata", { since: "16" }),
  named("-[PHPhotoLibrary currentChangeToken]", "metadata", { since: "16" }),
  named("-[PHPhotoLibrary fetchPersistentChangesSinceToken:error:]", "metadata", { since: "16" }),
];
