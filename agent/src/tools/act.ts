// Helper script: what the field test does in an app with its own library. An observer that does nothing, a query, one read, each
// on request.
//
// No code or memory of this script may stay in the app's hands: the agent hooks what is registered, and would take its hook out
// of memory that is gone. So the observer's method and the handler's code are one method of the system, which reads its
// receiver's class, compares, and returns. What the app may hold for longer than this script lives is never freed.
import { plainCode } from "../code_pointers.js";
import { nativeBlock } from "../objc/blocks.js";
import { seen } from "../objc/messages.js";
import { implementationOf, newClass } from "../objc/runtime.js";
import { needClass, pooled } from "../objc/values.js";
import { wallClockMs } from "./wall_clock.js";

const IMAGES = 1; // PHAssetMediaTypeImage. Source: PhotosTypes.h.
const HARMLESS = "isMemberOfClass:";
const CALLBACK = "photoLibraryDidChange:";
const CALLBACK_TYPES = "v24@0:8@16";
/** Source: PHImageManager.h: data, its type, an orientation, info. */
const HANDLER_TYPES = "v36@?0@8@16I24@28";

/** When something began, Unix ms of the device. */
interface Timed {
  beganMs: number;
}

/** When the observer was called, when it asked for details, and an error of its own. */
interface Heard {
  deliveries: number[];
  detailsMs: number[];
  fault: string | null;
}

const heard: Heard = { deliveries: [], detailsMs: [], fault: null };
let asksForDetails = false;
let observer: NativePointer | null = null;
let fetched: NativePointer | null = null;
let asset: NativePointer | null = null;

// Every message goes out as an app sends it: the agent's hooks must see it.
rpc.exports = {
  /** Register an observer of our own, where none is registered yet. */
  register: () =>
    timed(() => {
      if (observer !== null) return;
      observer = seen.ask(seen.ask(observerClass(), "alloc"), "init");
      seen.perform(library(), "registerChangeObserver:", observer);
    }),
  /** Query all images, as apps do; the result and its first asset are kept. */
  fetch: () => timed(fetch),
  /** Query only where nothing was fetched yet: after an interruption. */
  fetchOnce: () =>
    timed(() => {
      if (fetched === null) fetch();
    }),
  /** Ask for the bytes of the asset that the query has found. */
  read: () =>
    timed(() => {
      if (asset === null) throw new Error("the library has no image");
      const manager = seen.ask(needClass("PHImageManager"), "defaultManager");
      seen.askInt(manager, "requestImageDataAndOrientationForAsset:options:resultHandler:", asset, NULL, nativeBlock(harmlessCode(), HANDLER_TYPES));
    }),
  /** From now on, ask in each callback what changed in the result that was fetched; or no longer. */
  details: (on: boolean) => {
    asksForDetails = on;
  },
  heard: () => heard,
  clock: wallClockMs,
  dispose: () => {
    const registered = observer;
    if (registered === null) return;
    pooled(() => seen.perform(library(), "unregisterChangeObserver:", registered), seen);
    observer = null;
  },
};

function timed(work: () => void): Timed {
  return pooled(() => {
    const beganMs = wallClockMs();
    work();
    return { beganMs };
  }, seen);
}

function library(): NativePointer {
  return seen.ask(needClass("PHPhotoLibrary"), "sharedPhotoLibrary");
}

function fetch(): void {
  const result = seen.ask(needClass("PHAsset"), "fetchAssetsWithMediaType:options:", ptr(IMAGES), NULL);
  if (result.isNull()) throw new Error("the query returned nothing");
  fetched = seen.ask(result, "retain");
  const first = seen.ask(result, "firstObject");
  asset = first.isNull() ? null : seen.ask(first, "retain");
}

function harmlessCode(): NativePointer {
  return implementationOf(needClass("NSObject"), HARMLESS);
}

/** A class of our own, with a name for each script: a class cannot be taken back. */
function observerClass(): NativePointer {
  const code = harmlessCode();
  const cls = newClass(`LightleakFieldObserver${Date.now()}`, (made) => made.addMethod(CALLBACK, code, CALLBACK_TYPES));
  if (cls === null) throw new Error("this process cannot make the observer's class");
  Interceptor.attach(plainCode(code), {
    onEnter(args) {
      if (observer !== null && args[0]!.equals(observer)) onChange(args[2]!);
    },
  });
  Interceptor.flush();
  return cls;
}

function onChange(change: NativePointer): void {
  heard.deliveries.push(wallClockMs());
  if (!asksForDetails || fetched === null) return;
  heard.detailsMs.push(wallClockMs());
  try {
    seen.ask(change, "changeDetailsForFetchResult:", fetched);
  } catch (problem) {
    heard.fault = problem instanceof Error ? problem.message : String(problem);
  }
}
