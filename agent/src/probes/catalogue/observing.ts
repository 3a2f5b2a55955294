// Observers, their callbacks, and permission. Source: PHPhotoLibrary.h.
import { named, type Probe, row } from "./types.js";

export const observing: readonly Probe[] = [
  named("+[PHPhotoLibrary authorizationStatus]", null, { required: true, handle: "status" }),
  named("+[PHPhotoLibrary authorizationStatusForAccessLevel:]", null, { required: true, since: "14", handle: "status", decode: { level: 2 } }),
  named("+[PHPhotoLibrary requestAuthorization:]", "open", { required: true, handle: "ask", decode: { handlers: [{ at: 2, status: 1 }] } }),
  named("+[PHPhotoLibrary requestAuthorizationForAccessLevel:handler:]", "open", { required: true, since: "14", handle: "ask", decode: { level: 2, handlers: [{ at: 3, status: 1 }] } }),
  named("-[PHPhotoLibrary registerAvailabilityObserver:]", null, { since: "13", handle: "observer", decode: { observer: 2 } }),
  named("-[PHPhotoLibrary registerChangeObserver:]", "open", { required: true, handle: "observer", decode: { observer: 2 } }),
  named("-[PHPhotoLibrary registerPersistentChangesObserver:]", "open", { since: "27.0", handle: "observer", decode: { observer: 2 } }),
  named("-[PHPhotoLibrary unregisterAvailabilityObserver:]", null, { since: "13", handle: "observer-gone", decode: { observer: 2 } }),
  named("-[PHPhotoLibrary unregisterChangeObserver:]", null, { required: true, handle: "observer-gone", decode: { observer: 2 } }),
  named("-[PHPhotoLibrary unregisterPersistentChangesObserver:]", null, { since: "27.0", handle: "observer-gone", decode: { observer: 2 } }),
  row("photo-library-availability-observer.photo-library-did-become-unavailable", "-[* photoLibraryDidBecomeUnavailable:]", null, { since: "13", handle: "callback", timed: true }),
  row("photo-library-change-observer.photo-library-did-change", "-[* photoLibraryDidChange:]", "notification", { required: true, handle: "callback", timed: true }),
  row("photo-library-persistent-changes-observer.photo-library-persistent-changes-did-update", "-[* photoLibraryPersistentChangesDidUpdate:]", "notification", { since: "27.0", handle: "callback", timed: true }),
];
