// A ring on the app's own disk, with room for a burst: a file without a name, mapped. The system can write its pages back at any
// time, so they are not the app's own memory. All of its blocks are there before a hook writes to it: a store to a page that
// finds no room on the disk would end the app.
import { needExport } from "../native.js";
import { spoolBase } from "../resident/posix_file.js";

/** It takes no more than this part of what is free on the disk. */
const SHARE = 8;

// Source: sys/mman.h, sys/fcntl.h of Darwin; the first four are the same on Linux.
const READ_WRITE = 3;
const SHARED = 1;
const PRIVATE = 2;
const FIXED = 0x10;
const ANONYMOUS = Process.platform === "darwin" ? 0x1000 : 0x20;
const F_PREALLOCATE = 42;
const F_ALLOCATEALL = 4;
const F_PEOFPOSMODE = 3;

/** Where rings are, in one process always at the same place. */
let place = NULL;

const call = (name: string, types: NativeFunctionArgumentType[], ...values: unknown[]): number =>
  (new NativeFunction(needExport(name), "int", types) as unknown as (...values: unknown[]) => number)(...values);

function map(bytes: number, flags: number, file: number): void {
  const mmap = new NativeFunction(needExport("mmap"), "pointer", ["pointer", "size_t", "int", "int", "int", "int64"]);
  const at = mmap(place, bytes, READ_WRITE, flags | (place.isNull() ? 0 : FIXED), file, 0);
  if (at.equals(-1)) throw new Error("the system does not map the file");
  place = at;
}

/** Map a new file of the app's; throws a sentence where that is not possible. */
export function mapRing(bytes: number): NativePointer {
  const base = spoolBase();
  if (base === null) throw new Error("this process has no container");
  const path = Memory.allocUtf8String(`${base}.XXXXXX`);
  const file = call("mkstemp", ["pointer"], path);
  if (file < 0) throw new Error("the container takes no file");
  try {
    call("unlink", ["pointer"], path);
    if (bytes * SHARE > freeBytes(file)) throw new Error(`less than ${Math.ceil((bytes * SHARE) / 1e6)} MB are free on the disk`);
    if (!allocate(file, bytes)) throw new Error("the disk does not set its blocks aside");
    map(bytes, SHARED, file);
  } finally {
    call("close", ["int"], file);
  }
  return place;
}

/** Put empty memory where the ring is: a call that never came back may write there at any time. */
export function unmapRing(bytes: number): void {
  map(bytes, PRIVATE | ANONYMOUS, -1);
}

/** Source: sys/statvfs.h: Darwin has numbers of blocks in 32 bits, Linux in 64. */
function freeBytes(file: number): number {
  const info = Memory.alloc(256);
  if (call("fstatvfs", ["int", "pointer"], file, info) !== 0) return 0;
  return Number(info.add(8).readU64()) * (Process.platform === "darwin" ? info.add(24).readU32() : Number(info.add(32).readU64()));
}

function allocate(file: number, bytes: number): boolean {
  if (Process.platform !== "darwin") return call("posix_fallocate", ["int", "int64", "int64"], file, 0, bytes) === 0;
  // fstore_t: flags, where it counts from, offset, length, and how much there is then.
  const store = Memory.alloc(32).writeU32(F_ALLOCATEALL);
  store.add(4).writeU32(F_PEOFPOSMODE).add(12).writeS64(bytes);
  if (call("fcntl", ["int", "int", "...", "pointer"], file, F_PREALLOCATE, store) !== 0) return false;
  return Number(store.add(24).readS64()) >= bytes && call("ftruncate", ["int", "int64"], file, bytes) === 0;
}
