// What the spool needs of the system. With descriptors of its own: Frida's File does not report a full disk.
import { findExport, needExport, utf8 } from "../native.js";
import type { Disk } from "./spool.js";

// Source: errno.h; the same number on Darwin and Linux.
const NO_SUCH_PROCESS = 3;
const OWNER_ONLY_FOLDER = 0o700;

const text = (value: string): NativePointer => Memory.allocUtf8String(value);

const native = <R extends "int" | "long", A extends NativeFunctionArgumentType[]>(name: string, result: R, types: [...A]) =>
  new NativeFunction(needExport(name), result, types);

export class PosixDisk implements Disk {
  private readonly mkstemp = native("mkstemp", "int", ["pointer"]);
  private readonly link = native("link", "int", ["pointer", "pointer"]);
  private readonly unlink = native("unlink", "int", ["pointer"]);
  private readonly closeFile = native("close", "int", ["int"]);
  private readonly pwrite = native("pwrite", "long", ["int", "pointer", "size_t", "int64"]);

  /** Create a new file of mode 0600; null where it exists already or cannot be created. */
  create(path: string): number | null {
    // mkstemp sets the mode and needs no flags, which differ between systems; link never overwrites.
    const draft = text(`${path}.XXXXXX`);
    const file = this.mkstemp(draft) as number;
    if (file < 0) return null;
    const made = this.link(draft, text(path)) === 0;
    this.unlink(draft);
    if (made) return file;
    this.closeFile(file);
    return null;
  }

  /** Write at an offset; returns false where not all of it was written. */
  write(file: number, at: number, data: ArrayBuffer | string): boolean {
    const bytes = typeof data === "string" ? utf8(data) : data;
    const memory = bytes.unwrap();
    const size = bytes.byteLength;
    let written = 0;
    while (written < size) {
      const count = Number(this.pwrite(file, memory.add(written), size - written, at + written));
      if (count <= 0) return false;
      written += count;
    }
    return true;
  }

  close(file: number): void {
    this.closeFile(file);
  }

  remove(path: string): void {
    this.unlink(text(path));
  }

  /** Yield a file's lines and where each begins, up to the first that is not text. */
  *lines(path: string): Generator<{ at: number; size: number; text: string }> {
    const file = opened(path);
    if (file === null) return;
    try {
      file.seek(0, File.SEEK_END);
      const end = Number(file.tell());
      file.seek(0);
      for (let at = 0; at < end; ) {
        const line = file.readLine();
        const next = Number(file.tell());
        if (line.endsWith("\n")) yield { at, size: next - at - 1, text: line.slice(0, -1) };
        at = next;
      }
    } catch {
      // An app can write what it likes into its own container.
    } finally {
      file.close();
    }
  }

  read(path: string, at: number, size: number): ArrayBuffer {
    const file = opened(path);
    if (file === null) return utf8("[]");
    try {
      file.seek(at);
      return file.readBytes(size);
    } catch {
      return utf8("[]");
    } finally {
      file.close();
    }
  }

  lives(pid: number): boolean {
    const kill = new SystemFunction(needExport("kill"), "int", ["int", "int"]);
    const { value, errno } = kill(pid, 0) as UnixSystemFunctionResult<number>;
    return value === 0 || errno !== NO_SUCH_PROCESS;
  }
}

/** Return the path of this process's spool, in the app's container, which HOME names in every app; null without one. */
// Source: NSPathUtilities.h, NSHomeDirectory.
export function spoolBase(): string | null {
  const home = new NativeFunction(needExport("getenv"), "pointer", ["pointer"])(text("HOME"));
  if (home.isNull()) return null;
  const folder = `${home.readUtf8String()}/Library`;
  const mkdir = findExport("mkdir");
  if (mkdir !== null) new NativeFunction(mkdir, "int", ["pointer", "int"])(text(folder), OWNER_ONLY_FOLDER);
  return `${folder}/lightleak-${Process.mainModule.name}`;
}

function opened(path: string): File | null {
  try {
    return new File(path, "rb");
  } catch {
    return null;
  }
}
