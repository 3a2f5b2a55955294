// Pickers: the app sees what a person has chosen, and loads it. Source: PHPicker.h, UIImagePickerController.h, NSItemProvider.h.
import { type Decode, type Handle, named, type Options, type Probe, row } from "./types.js";

/** Of a picker's providers only: see ../picked_providers.ts. */
const load = (name: string, selector: string, since: string, decode: Decode, more: Options = {}): Probe =>
  row(`picker-load.${name}`, `-[NSItemProvider ${selector}]`, "picker", { since, handle: "picker-load", decode, ...more });
/** No event: it shows which providers are a picker's. */
const source = (name: string, symbol: string, handle: Handle, since: string): Probe => row(`picker-source.${name}`, symbol, null, { since, handle });
const LAST = { deprecated: "27.0" };

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
  source("result", "-[PHPickerResult itemProvider]", "picker-result", "14"),
  source("copy", "-[NSItemProvider copyWithZone:]", "picker-copy", "8"),
  load("object", "loadObjectOfClass:completionHandler:", "11", { cls: 2, handlers: [{ at: 3, error: 2 }] }),
  load("data", "loadDataRepresentationForTypeIdentifier:completionHandler:", "11", { type: 2, handlers: [{ at: 3, data: 1, error: 2 }] }),
  load("file", "loadFileRepresentationForTypeIdentifier:completionHandler:", "11", { type: 2, handlers: [{ at: 3, error: 2 }] }),
  load("file-in-place", "loadInPlaceFileRepresentationForTypeIdentifier:completionHandler:", "11", { type: 2, handlers: [{ at: 3, error: 3 }] }),
  load("data-of-type", "loadDataRepresentationForContentType:completionHandler:", "16", { type: 2, handlers: [{ at: 3, data: 1, error: 2 }] }),
  load("file-of-type", "loadFileRepresentationForContentType:openInPlace:completionHandler:", "16", { type: 2, handlers: [{ at: 4, error: 3 }] }),
  load("item", "loadItemForTypeIdentifier:options:completionHandler:", "8", { type: 2, handlers: [{ at: 4, data: 1, error: 2 }] }, LAST),
  load("preview", "loadPreviewImageWithOptions:completionHandler:", "8", { handlers: [{ at: 3, error: 2 }] }, LAST),
];
