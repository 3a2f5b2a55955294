// Work for the main thread.
import { needExport } from "../native.js";
import { pooled } from "./values.js";

const LIBDISPATCH = "libdispatch.dylib";

const kept = new Set<unknown>();

/** Run something on the main queue, in a pool of its own. */
export function onMainQueue(work: () => void): void {
  const dispatch = new NativeFunction(needExport("dispatch_async_f", LIBDISPATCH), "void", ["pointer", "pointer", "pointer"]);
  const callback = new NativeCallback(
    () => {
      // Not before this call has returned.
      setImmediate(() => {
        kept.delete(callback);
        Script.unpin();
      });
      pooled(work);
    },
    "void",
    ["pointer"],
  );
  kept.add(callback);
  // The script must be there when the queue comes to it.
  Script.pin();
  dispatch(needExport("_dispatch_main_q", LIBDISPATCH), NULL, callback);
}
