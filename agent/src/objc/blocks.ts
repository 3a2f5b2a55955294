// Blocks: make a copy that belongs to one call, and find its code. Source: clang, "Block Implementation Specification".
import { plainCode } from "../code_pointers.js";
import { findExport, needExport, SEEN } from "../native.js";
import { isA } from "./values.js";

export const FLAGS = 8;
export const INVOKE = 16;
export const DESCRIPTOR = 24;
/** The descriptor is of the small kind, which is laid out in another way. */
export const IS_SMALL = 1 << 22;
export const HAS_COPY_DISPOSE = 1 << 25;
const IS_GLOBAL = 1 << 28;
export const HAS_SIGNATURE = 1 << 30;
const HOME = "libsystem_blocks.dylib";
const BLOCK_BYTES = 32;
const DESCRIPTOR_BYTES = 24;

interface Runtime {
  copy(block: NativePointer): NativePointer;
  release(block: NativePointer): void;
  stackClass: NativePointer;
}

/** Return what copies a block, what releases one, and the class of one on a stack; null for what is missing. */
export function blockSymbols(): (NativePointer | null)[] {
  return ["_Block_copy", "_Block_release", "_NSConcreteStackBlock"].map((name) => findExport(name, HOME));
}

function open(): Runtime | null {
  const [copy, release, stackClass] = blockSymbols();
  if (!copy || !release || !stackClass) return null;
  return {
    copy: new NativeFunction(copy, "pointer", ["pointer"], SEEN) as never,
    release: new NativeFunction(release, "void", ["pointer"], SEEN) as never,
    stackClass,
  };
}

let runtime: Runtime | null | undefined;

export interface OwnBlock {
  readonly block: NativePointer;
  readonly invoke: NativePointer;
  /** Whether only this call has the block: then every call of it belongs to this call. */
  readonly own: boolean;
}

/**
 * Copy a block to the heap, as its receiver would: the same block then comes back when it is called, and nothing of ours
 * is left behind. A global block, which all calls share, gets a copy of its own. Null for anything but a block.
 * The caller releases it with `letGo`.
 */
export function ownBlock(block: NativePointer): OwnBlock | null {
  runtime ??= open();
  if (runtime === null || !isA(block, "NSBlock")) return null;
  const invoke = block.add(INVOKE).readPointer();
  if (invoke.isNull()) return null;
  const plain = plainCode(invoke);
  if ((block.add(FLAGS).readS32() & IS_GLOBAL) === 0) {
    return { block: runtime.copy(block), invoke: plain, own: true };
  }
  // A signed pointer is valid at its own address only, so we cannot copy it.
  // Nor one whose size we cannot read.
  if (!plain.equals(invoke) || (block.add(FLAGS).readS32() & IS_SMALL) !== 0) return { block, invoke: plain, own: false };
  return { block: runtime.copy(unshared(block, runtime.stackClass)), invoke: plain, own: true };
}

/** Make a block of what a compiler would have put on the stack, apart from its class; null where there is no blocks runtime. */
export function copyOfDraft(draft: NativePointer): NativePointer | null {
  runtime ??= open();
  return runtime === null ? null : runtime.copy(draft.writePointer(runtime.stackClass));
}

export function letGo(own: OwnBlock): void {
  if (own.own) runtime?.release(own.block);
}

function unshared(block: NativePointer, stackClass: NativePointer): NativePointer {
  const size = Number(block.add(DESCRIPTOR).readPointer().strip("da").add(8).readU64());
  const twin = Memory.dup(block, size);
  twin.writePointer(stackClass);
  twin.add(FLAGS).writeS32(block.add(FLAGS).readS32() & ~IS_GLOBAL);
  return twin;
}

/**
 * Make a block without captures whose code is native, in memory that is never freed: a request may hold its handler for
 * longer than a script lives. `types`: its type encoding.
 */
export function nativeBlock(code: NativePointer, types: string): NativePointer {
  const malloc = new NativeFunction(needExport("malloc"), "pointer", ["size_t"]);
  const [block, descriptor, signature] = [malloc(BLOCK_BYTES), malloc(DESCRIPTOR_BYTES), malloc(types.length + 1)];
  descriptor.writeU64(0).add(8).writeU64(BLOCK_BYTES).add(8).writePointer(signature.writeUtf8String(types));
  return layOut(block, descriptor, code, IS_GLOBAL | HAS_SIGNATURE);
}

/** Make a block of our own that takes one object; it lives as long as the result is kept. */
export function makeBlock(run: (object: NativePointer) => void): { block: NativePointer; kept: unknown } {
  const block = Memory.alloc(2 * BLOCK_BYTES);
  const descriptor = block.add(BLOCK_BYTES);
  descriptor.add(8).writeU64(BLOCK_BYTES);
  const callback = new NativeCallback((_self, object) => run(object), "void", ["pointer", "pointer"]);
  return { block: layOut(block, descriptor, callback, IS_GLOBAL), kept: callback };
}

/** Fill in a block. On arm64e the code pointer is signed for its address. */
function layOut(block: NativePointer, descriptor: NativePointer, code: NativePointer, flags: number): NativePointer {
  block.writePointer(needExport("_NSConcreteGlobalBlock", HOME));
  block.add(FLAGS).writeU32(flags);
  block.add(INVOKE).writePointer(plainCode(code).sign("ia", block.add(INVOKE)));
  block.add(DESCRIPTOR).writePointer(descriptor);
  return block;
}
