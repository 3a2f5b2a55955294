// How two scripts in one process find each other: a class registered under a fixed name, one ivar of which is named
// after the resident's address. Nothing else in a process is found by name, is thread-safe, and is not the app's.
import { needExport } from "../native.js";
import { available, ivarsOf, lookUpClass } from "../objc/runtime.js";

const CLASS = "LightleakResident";
const LIBOBJC = "libobjc.A.dylib";
/** A child of a fork has its parent's classes and none of its threads, so the name says whose the address is. */
const IVAR = /^at_(\d+)_(0x[0-9a-f]+)$/;

export type Answer = (request: NativePointer) => NativePointer;

const kept: unknown[] = [];

/** Let carriers find `answer`; false where somebody else has been faster. */
export function openDoor(answer: Answer): boolean {
  const callback = new NativeCallback(answer, "pointer", ["pointer"]);
  kept.push(callback);
  const allocate = new NativeFunction(needExport("objc_allocateClassPair", LIBOBJC), "pointer", ["pointer", "pointer", "size_t"]);
  const addIvar = new NativeFunction(needExport("class_addIvar", LIBOBJC), "bool", ["pointer", "pointer", "size_t", "uint8", "pointer"]);
  const register = new NativeFunction(needExport("objc_registerClassPair", LIBOBJC), "void", ["pointer"]);
  const cls = allocate(lookUpClass("NSObject")!, Memory.allocUtf8String(CLASS), 0);
  if (cls.isNull()) return false;
  const name = Memory.allocUtf8String(`at_${Process.id}_${callback.strip()}`);
  addIvar(cls, name, Process.pointerSize, 3, Memory.allocUtf8String("^v"));
  register(cls);
  return true;
}

/** Find the resident of this process. */
export function knock(): Answer | null {
  if (!available) return null;
  const cls = lookUpClass(CLASS);
  if (cls === null) return null;
  for (const { name } of ivarsOf(cls)) {
    const [, pid, address] = IVAR.exec(name) ?? [];
    if (address !== undefined && Number(pid) === Process.id) {
      return new NativeFunction(ptr(address).sign(), "pointer", ["pointer"]) as unknown as Answer;
    }
  }
  return null;
}
