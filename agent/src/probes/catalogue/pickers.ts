// Pickers: the app sees what a person has chosen. Source: PHPicker.h, UIImagePickerController.h.
import { named, type Probe, row } from "./types.js";

export const pickers: readonly Probe[] = [
  named("-[PHPhotoLibrary presentLimitedLibraryPickerFromViewController:]", "picker", { since: "14" }),
  row("photo-library.present-limited-library-picker-from-view-controller-completion-handler", "-[PHPhotoLibrary presentLimitedLibraryPickerFromViewController:completionHandler:]", "picker", { since: "15" }),
  named("-[PHPickerViewController initWithConfiguration:]", "picker", { since: "14" }),
  named("-[PHPickerViewController setDelegate:]", null, { since: "14", handle: "delegate" }),
  row("picker-view-controller-delegate.picker", "-[* picker:didFinishPicking:]", "picker", { since: "14", handle: "callback", decode: { counts: { results: 3 } } }),
  row("ui-image-picker-controller.set-delegate", "-[UIImagePickerController setDelegate:]", null, { since: "2.0", handle: "delegate" }),
  row("ui-image-picker-controller.set-source-type", "-[UIImagePickerController setSourceType:]", "picker", { since: "2.0", decode: { numbers: { sourceType: 2 }, unless: { at: 2, is: 1 } } }),
  row("ui-image-picker-controller-delegate.image-picker-controller", "-[* imagePickerController:didFinishPickingImage:editingInfo:]", "picker", { since: "2.0", deprecated: "3.0", handle: "callback" }),
  row("ui-image-picker-controller-delegate.image-picker-controller-did-finish-picking-media-with-info", "-[* imagePickerController:didFinishPickingMediaWithInfo:]", "picker", { since: "2.0", handle: "callback" }),
  row("ui-image-picker-controller-delegate.image-picker-controller-did-cancel", "-[* imagePickerControllerDidCancel:]", "picker", { since: "2.0", handle: "callback" }),
];
