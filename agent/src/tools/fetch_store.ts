// Helper script: list and read the files below a folder, in a process that may. On a phone that is Frida's own, which is root.
//
// Frida has no file transfer in its API; frida-pull does the same with a script. Nothing of Objective-C is needed here.
import { needExport } from "../native.js";

// Source: dirent.h.
const DT_UNKNOWN = 0;
const DT_DIR = 4;
const DT_REG = 8;
/** Where struct dirent has type and name, arm64 and x86-64. Source: <sys/dirent.h> of Darwin and of glibc. */
const DIRENT = Process.platform === "darwin" ? { type: 20, name: 21 } : { type: 18, name: 19 };
const MAX_DEPTH = 8;
const MAX_FILES = 20_000;
const START_BYTES = 32;

const opendir = new SystemFunction(needExport("opendir"), "pointer", ["pointer"]);
const readdir = new NativeFunction(needExport("readdir"), "pointer", ["pointer"]);
const closedir = new NativeFunction(needExport("closedir"), "int", ["pointer"]);
const strerror = new NativeFunction(needExport("strerror"), "pointer", ["int"]);

rpc.exports = {
  /** The paths of all files below a folder, relative to it; or why it cannot be opened. */
  list: (folder: string): { names: string[] } | { errno: number; reason: string } => {
    const names: string[] = [];
    const errno = walk(folder, "", names, 0);
    return errno === 0 ? { names } : { errno, reason: strerror(errno).readUtf8String() ?? "" };
  },
  /** Size and start of a file: they change when the daemon has written to it meanwhile. */
  look: (path: string): { size: number; start: number[] } =>
    withFile(path, (file) => {
      file.seek(0, File.SEEK_END);
      const size = Number(file.tell());
      file.seek(0, File.SEEK_SET);
      return { size, start: Array.from(new Uint8Array(file.readBytes(START_BYTES))) };
    }),
  read: (path: string, offset: number, count: number): ArrayBuffer =>
    withFile(path, (file) => {
      file.seek(offset, File.SEEK_SET);
      return file.readBytes(count);
    }),
};

/** Add the files below a folder; returns 0, or the errno with which it cannot be opened. */
function walk(folder: string, below: string, found: string[], depth: number): number {
  const { value: directory, errno } = opendir(Memory.allocUtf8String(folder)) as UnixSystemFunctionResult<NativePointer>;
  if (directory.isNull()) return errno;
  try {
    for (let entry = readdir(directory); !entry.isNull(); entry = readdir(directory)) {
      const name = entry.add(DIRENT.name).readUtf8String() ?? "";
      const type = entry.add(DIRENT.type).readU8();
      if (name === "." || name === ".." || found.length >= MAX_FILES) continue;
      const mayBeFolder = type === DT_DIR || type === DT_UNKNOWN;
      const walked = mayBeFolder && depth < MAX_DEPTH && walk(`${folder}/${name}`, `${below}${name}/`, found, depth + 1) === 0;
      if (!walked && (type === DT_REG || type === DT_UNKNOWN)) found.push(below + name);
    }
  } finally {
    closedir(directory);
  }
  return 0;
}

function withFile<T>(path: string, use: (file: File) => T): T {
  const file = new File(path, "rb");
  try {
    return use(file);
  } finally {
    file.close();
  }
}
