// Images of the process, not on the hot path: in which image an address is, and which build of it.
import type { Frame } from "./protocol.js";

const MACH_O = 0xfeedfacf;
const ELF = 0x464c457f;
const LC_UUID = 0x1b;
const PT_NOTE = 4;
const NT_GNU_BUILD_ID = 3;
const MOST_COMMANDS = 4096;

const modules = new ModuleMap();
const uuids = new Map<string, string | null>();

/** Return whether an image is the system's. Source: where iOS keeps them; an app's images are in its container. */
export function isSystemImage(path: string): boolean {
  return path.includes("/System/Library/") || path.includes("/usr/lib/");
}

export function forgetBuilds(): void {
  modules.update();
  uuids.clear();
}

/** Return an address with its image; the host asks for symbols later. */
export function frameOf(address: NativePointer): Frame {
  const module = modules.find(address);
  const text = address.toString();
  if (module === null) return { address: text };
  return { address: text, image: module.name, uuid: uuidOf(module), offset: address.sub(module.base).toUInt32() };
}

/** Return the identifier of a build, which finds its symbols later: Mach-O's UUID, or GNU's build id as hex. */
export function uuidOf(module: Module): string | null {
  const key = module.base.toString();
  let uuid = uuids.get(key);
  if (uuid === undefined) {
    try {
      uuid = read(module.base);
    } catch {
      uuid = null;
    }
    uuids.set(key, uuid);
  }
  return uuid;
}

function read(base: NativePointer): string | null {
  const magic = base.readU32();
  return magic === MACH_O ? machUuid(base) : magic === ELF ? buildId(base) : null;
}

// Source: mach-o/loader.h.
function machUuid(base: NativePointer): string | null {
  const count = Math.min(base.add(16).readU32(), MOST_COMMANDS);
  for (let at = base.add(32), i = 0; i !== count; i++) {
    if (at.readU32() === LC_UUID) {
      const text = hex(at.add(8), 16).toUpperCase();
      return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
    }
    at = at.add(at.add(4).readU32());
  }
  return null;
}

// Source: elf(5).
function buildId(base: NativePointer): string | null {
  const headers = base.add(Number(base.add(32).readU64()));
  const [size, count] = [base.add(54).readU16(), base.add(56).readU16()];
  for (let i = 0; i !== count; i++) {
    const header = headers.add(i * size);
    if (header.readU32() !== PT_NOTE) continue;
    let note = base.add(Number(header.add(16).readU64()));
    const end = note.add(Number(header.add(40).readU64()));
    while (note.compare(end) < 0) {
      const [nameSize, dataSize, type] = [note.readU32(), note.add(4).readU32(), note.add(8).readU32()];
      const data = note.add(12 + ((nameSize + 3) & ~3));
      if (type === NT_GNU_BUILD_ID) return hex(data, dataSize);
      note = data.add((dataSize + 3) & ~3);
    }
  }
  return null;
}

function hex(at: NativePointer, size: number): string {
  return Array.from(new Uint8Array(at.readByteArray(size)!), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
