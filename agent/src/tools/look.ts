// Helper script: what the doctor and the field test look at, in Frida's own process and in an app. It only reads; its one hook
// is on a function of the system, for a moment.
import { findExport, needExport } from "../native.js";
import { ask, askBool, askInt } from "../objc/messages.js";
import { available, lookUpClass, ownIvars, ownMethods, selector } from "../objc/runtime.js";
import { pooled } from "../objc/values.js";
import type { Status } from "../protocol.js";
import { wallClockMs } from "./wall_clock.js";

/** The names of a class's own ivars and methods. */
interface Shape {
  ivars: string[];
  methods: string[];
}

// Source: PHPhotoLibrary.h, PHAuthorizationStatus and PHAccessLevel.
const STATUSES: readonly Status[] = ["not-determined", "restricted", "denied", "authorized", "limited"];
const READ_WRITE = 2;

const STATVFS_BYTES = 256;

rpc.exports = {
  /** Who this process is, which of the paths exist, and what is free at a folder: for Frida's own process, which may read everything. */
  ground: (markers: string[], folder: string) => ({
    frida: Frida.version,
    platform: Process.platform,
    arch: Process.arch,
    uid: new NativeFunction(needExport("getuid"), "uint32", [])(),
    present: markers.filter(exists),
    freeBytes: freeBytes(folder),
  }),
  /** The wall clock as this process's own C library gives it, Unix ms. */
  clock: wallClockMs,
  /** What the app is allowed, and whether its accesses are recorded for the report. Reading both makes no entry and no prompt. */
  app: () => ({
    frida: Frida.version,
    permission: available ? pooled(permission) : null,
    recording: available ? pooled(recordsAccesses) : null,
  }),
  /** Why functions cannot be hooked here, and why C cannot be compiled; null where they can. */
  selftest: () => ({ hook: reasonOf(hookOnce), compiler: reasonOf(compileOnce) }),
  /** Which of these classes this process has, and their own ivars and methods. */
  shapes: (names: string[]) => Object.fromEntries(names.map((name) => [name, shapeOf(name)])),
};

function exists(path: string): boolean {
  return new NativeFunction(needExport("access"), "int", ["pointer", "int"])(Memory.allocUtf8String(path), 0) === 0;
}

/** Source: <sys/statvfs.h> of Darwin (32-bit counts) and of glibc: fragment size, then blocks, free, available. */
function freeBytes(folder: string): number | null {
  const statvfs = findExport("statvfs");
  const result = Memory.alloc(STATVFS_BYTES);
  if (statvfs === null || new NativeFunction(statvfs, "int", ["pointer", "pointer"])(Memory.allocUtf8String(folder), result) !== 0) return null;
  const free = Process.platform === "darwin" ? result.add(24).readU32() : result.add(32).readU64().toNumber();
  return free * result.add(8).readU64().toNumber();
}

function respondsTo(object: NativePointer, name: string): boolean {
  return askBool(object, "respondsToSelector:", selector(name)) !== 0;
}

/** Before iOS 14 there is one level of access. */
function permission(): Status | null {
  const library = lookUpClass("PHPhotoLibrary");
  if (library === null) return null;
  const status = respondsTo(library, "authorizationStatusForAccessLevel:")
    ? askInt(library, "authorizationStatusForAccessLevel:", ptr(READ_WRITE))
    : askInt(library, "authorizationStatus");
  return STATUSES[Number(status)] ?? null;
}

/** Source: class dump of PrivacyAccounting, 15.6 to 18. */
function recordsAccesses(): boolean | null {
  const logger = lookUpClass("PAAccessLogger");
  if (logger === null || !respondsTo(logger, "sharedInstance")) return null;
  const shared = ask(logger, "sharedInstance");
  return respondsTo(shared, "loggingEnabled") ? askBool(shared, "loggingEnabled") !== 0 : null;
}

function reasonOf(attempt: () => string | null): string | null {
  try {
    return attempt();
  } catch (problem) {
    return problem instanceof Error ? problem.message : String(problem);
  }
}

/** Hook a function of the system, call it, and take the hook out again. */
function hookOnce(): string | null {
  const address = needExport("inet_addr");
  const own = Process.getCurrentThreadId();
  let seen = 0;
  const listener = Interceptor.attach(address, {
    onEnter() {
      if (this.threadId === own) seen++;
    },
  });
  Interceptor.flush();
  try {
    new NativeFunction(address, "uint32", ["pointer"])(Memory.allocUtf8String("127.0.0.1"));
  } finally {
    listener.detach();
    Interceptor.flush();
  }
  return seen === 1 ? null : `a hooked function was called once and seen ${seen} times`;
}

function compileOnce(): string | null {
  const module = new CModule("int answer (void) { return 42; }");
  const answer = new NativeFunction(module["answer"]!, "int", [])();
  module.dispose();
  return answer === 42 ? null : `compiled code answered ${answer}`;
}

function shapeOf(name: string): Shape | null {
  const cls = available ? lookUpClass(name) : null;
  if (cls === null) return null;
  return { ivars: ownIvars(cls).map((ivar) => ivar.name), methods: [...ownMethods(cls).keys()] };
}
