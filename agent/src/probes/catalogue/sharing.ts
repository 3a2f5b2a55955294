// Sheets for shared albums: the person decides, and the app gets no photo. Source: PHSharedAlbum…ViewController.h (iOS 27).
import { type Probe, row } from "./types.js";

const sheet = (name: string, init: string): readonly Probe[] => {
  const [probe, cls] = [`shared-album-${name.toLowerCase()}-view-controller`, `PHSharedAlbum${name}ViewController`];
  const more = { since: "27.0" } as const;
  return [
    row(`${probe}.init`, `-[${cls} ${init}]`, "picker", { ...more, ...(init.startsWith("initWithItems:") ? { decode: { counts: { items: 2 } } } : {}) }),
    row(`${probe}.set-delegate`, `-[${cls} setDelegate:]`, null, { ...more, handle: "delegate" }),
    row(`${probe}-delegate.did-complete`, `-[* sharedAlbum${name}ViewController:didCompleteWithError:]`, "picker", { ...more, handle: "callback" }),
  ];
};

export const sharing: readonly Probe[] = [
  ...sheet("Creation", "initWithConfiguration:"),
  ...sheet("Posting", "initWithItems:defaultAlbumIdentifier:photoLibrary:"),
  ...sheet("Customization", "initWithAlbumIdentifier:photoLibrary:"),
];
