// How two scripts in one process find each other: a class with a name made of the process's id has an ivar whose name is an
// address in memory, where the resident's entry point is while it exists. Nothing else in a process can be found by name, is
// thread-safe, and does not belong to the app.
import { needExport } from "../native.js";
import { available, ivarsOf, lookUpClass, newClass } from "../objc/runtime.js";

// A forked child has its parent's classes but not its threads: the process id tells them apart.
const CLASS = `LightleakResident${Process.id}`;
const IVAR = /^at_(0x[0-9a-f]+)$/;

export type Answer = (request: NativePointer) => NativePointer;

let mine: { place: NativePointer; callback: NativePointer } | null = null;

/** Let relays find `answer`; returns false where another resident was faster. */
export function publishResident(answer: Answer): boolean {
  const place = find() ?? make();
  if (place === null || !place.readPointer().isNull()) return false;
  const callback = new NativeCallback(answer, "pointer", ["pointer"]);
  mine = { place, callback };
  place.writePointer(callback.strip());
  return true;
}

/** Stop being found. A script that ends before it was made to stay would leave its address behind. */
export function withdrawResident(): void {
  mine?.place.writePointer(NULL);
  mine = null;
}

/** Find the resident of this process; null without one. */
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

/** Make the place. It and the class are never removed: another script may hold the class. */
function make(): NativePointer | null {
  const calloc = new NativeFunction(needExport("calloc"), "pointer", ["size_t", "size_t"]);
  let place: NativePointer | null = null;
  newClass(CLASS, (cls) => {
    place = calloc(1, Process.pointerSize);
    cls.addPointer(`at_${place}`);
  });
  return place;
}
