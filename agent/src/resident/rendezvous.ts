// How two scripts in one process find each other: a class registered under a name that follows from the process, one ivar
// of which is named after a place in memory, where the resident's address stands while it is there. Nothing else in a
// process is found by name, is thread-safe, and is not the app's.
import { needExport } from "../native.js";
import { available, ivarsOf, lookUpClass, newClass } from "../objc/runtime.js";

// A child of a fork has its parent's classes and none of its threads: the name says whose it is.
const CLASS = `LightleakResident${Process.id}`;
const IVAR = /^at_(0x[0-9a-f]+)$/;

export type Answer = (request: NativePointer) => NativePointer;

let mine: { place: NativePointer; callback: NativePointer } | null = null;

/** Let relays find `answer`; false where somebody else has been faster. */
export function publishResident(answer: Answer): boolean {
  const place = find() ?? make();
  if (place === null || !place.readPointer().isNull()) return false;
  const callback = new NativeCallback(answer, "pointer", ["pointer"]);
  mine = { place, callback };
  place.writePointer(callback.strip());
  return true;
}

/** Be found no more. A script that goes before it was made to stay would leave its address to those who come after it. */
export function withdrawResident(): void {
  mine?.place.writePointer(NULL);
  mine = null;
}

/** Find the resident of this process. */
export function findResident(): Answer | null {
  if (!available) return null;
  const address = find()?.readPointer() ?? NULL;
  return address.isNull() ? null : (new NativeFunction(address.sign(), "pointer", ["pointer"]) as unknown as Answer);
}

function find(): NativePointer | null {
  const cls = lookUpClass(CLASS);
  if (cls === null) return null;
  for (const { name } of ivarsOf(cls)) {
    const [, address] = IVAR.exec(name) ?? [];
    if (address !== undefined) return ptr(address);
  }
  return null;
}

/** Make the place. Neither it nor the class ever goes: a class that was looked up may be in somebody's hands. */
function make(): NativePointer | null {
  const calloc = new NativeFunction(needExport("calloc"), "pointer", ["size_t", "size_t"]);
  let place: NativePointer | null = null;
  newClass(CLASS, (cls) => {
    place = calloc(1, Process.pointerSize);
    cls.addPointer(`at_${place}`);
  });
  return place;
}
