// How native functions are called from hooks.

/** For leaf functions that cannot block and touch valid memory only: keeps the script's lock, fires no hook. */
export const LEAF: NativeFunctionOptions = { scheduling: "exclusive", exceptions: "propagate", traps: "none" };

/** For functions that only read memory, which may be invalid. */
export const GUARDED: NativeFunctionOptions = { scheduling: "exclusive", exceptions: "steal", traps: "none" };

/** For messages to objects: other threads run meanwhile, our own hooks stay silent, a bad pointer becomes an exception. */
export const QUIET: NativeFunctionOptions = { scheduling: "cooperative", exceptions: "steal", traps: "none" };

/** For functions that may run the app's own code, such as the release of a block's captures: hooks see it. */
export const SEEN: NativeFunctionOptions = { scheduling: "cooperative", exceptions: "steal", traps: "default" };

/** Find an exported function in the named module, or anywhere. */
export function findExport(name: string, module?: string): NativePointer | null {
  const home = module === undefined ? null : Process.findModuleByName(module);
  return home?.findExportByName(name) ?? Module.findGlobalExportByName(name);
}

export function needExport(name: string, module?: string): NativePointer {
  const address = findExport(name, module);
  if (address === null) throw new Error(`this process has no function ${name}`);
  return address;
}

/** Macros for the words that are frequent in all C: the build puts them here, where it makes the C small. */
const SHORT_WORDS_C = "";
const INCLUDE = /^#include .*\n/gm;

const compiled: CModule[] = [];

/** Compile C that lives as long as the script; throws without a compiler. */
export function compile(source: string, symbols: Record<string, NativePointer>): CModule {
  // Headers first: they may have a parameter that is called as one of the macros.
  const headers = (source.match(INCLUDE) ?? []).join("");
  const module = new CModule(headers + SHORT_WORDS_C + source.replace(INCLUDE, ""), symbols);
  // Its code is freed with the object, and nothing else may reference it.
  compiled.push(module);
  return module;
}

export function isCompiling(): boolean {
  return compiled.length > 0;
}

const LINE = 128;
const LINES_BYTES = 65_536;
const lines: NativePointer[] = [];
let linesLeft = 0;

/**
 * Return zeroed memory of whole cache lines, for what C uses at each call. The script's heap is written all the time, and a thread that reads
 * a word must not wait for a line because of what is next to the word. It lives as long as the script.
 */
export function sharedWords(bytes: number): NativePointer {
  const size = Math.ceil(bytes / LINE) * LINE;
  if (size > linesLeft) {
    lines.push(Memory.alloc(LINES_BYTES)); // whole pages
    linesLeft = LINES_BYTES;
  }
  linesLeft -= size;
  return lines[lines.length - 1]!.add(linesLeft);
}

let strlen: ((text: NativePointer) => UInt64) | undefined;

/** Copy a text into new memory, as UTF-8; returns its size in bytes too, without the end. */
export function nativeText(text: string): { memory: NativePointer; size: number } {
  strlen ??= new NativeFunction(needExport("strlen"), "size_t", ["pointer"], LEAF) as unknown as typeof strlen;
  const memory = Memory.allocUtf8String(text);
  return { memory, size: Number(strlen!(memory)) };
}

/** Return a text as UTF-8. */
export function utf8(text: string): ArrayBuffer {
  const { memory, size } = nativeText(text);
  return memory.readByteArray(size)!;
}

/** Copy a text into new memory, after its size in bytes: a Text of native_hooks/ring_c.ts. */
export function countedText(text: string): NativePointer {
  const { memory, size } = nativeText(text);
  const made = Memory.alloc(4 + size);
  made.writeU32(size);
  Memory.copy(made.add(4), memory, size);
  return made;
}
