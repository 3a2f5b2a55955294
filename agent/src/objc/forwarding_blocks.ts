// Blocks that call another block: for handlers whose own code is too short to hook. The code of ours that they run can be
// hooked, and only passes the call on.
//
// A request may keep such a block for longer than the script lives, so its code, and what describes it, are never freed: a
// page for each agent, and some bytes for each signature. Source: clang, "Block Implementation Specification".
import { plainCode } from "../code_pointers.js";
import { findExport, needExport } from "../native.js";
import { copyOfDraft, DESCRIPTOR, FLAGS, HAS_COPY_DISPOSE, HAS_SIGNATURE, INVOKE, IS_SMALL, type OwnBlock } from "./blocks.js";

const HAS_STRET = 1 << 29;
const CAPTURED = 32;
const BYTES = 40;
const CODE_BYTES = 128;

/** What the page holds: the code that passes a call on, and what retains and releases the block that is called. */
interface Code {
  readonly forward: NativePointer;
  readonly copy: NativePointer;
  readonly dispose: NativePointer;
}

type Part = readonly [bytes: string, jumpTo: "_Block_object_assign" | "_Block_object_dispose" | null];

/** By architecture: machine code, each part ended by a jump to the function of the blocks runtime that it names. */
const PARTS: Readonly<Record<string, readonly [forward: Part, copy: Part, dispose: Part]>> = {
  x64: [
    // nop (5 bytes, four times: room for a hook); mov rdi, [rdi + 32]; jmp [rdi + 16]
    [`${"0f1f440000".repeat(4)}488b7f20ff6710`, null],
    // add rdi, 32; mov rsi, [rsi + 32]; mov edx, 7; jmp [rip]
    ["4883c720488b7620ba07000000ff2500000000", "_Block_object_assign"],
    // mov rdi, [rdi + 32]; mov esi, 7; jmp [rip]
    ["488b7f20be07000000ff2500000000", "_Block_object_dispose"],
  ],
  arm64: [
    // nop (four times: room for a hook); ldr x0, [x0, #32]; ldr x16, [x0, #16]; br x16
    [`${"1f2003d5".repeat(4)}001040f9100840f900021fd6`, null],
    // add x0, x0, #32; ldr x1, [x1, #32]; mov w2, #7; ldr x16, #12; br x16; nop
    ["00800091211040f9e20080527000005800021fd61f2003d5", "_Block_object_assign"],
    // ldr x0, [x0, #32]; mov w1, #7; ldr x16, #8; br x16
    ["001040f9e10080525000005800021fd6", "_Block_object_dispose"],
  ],
};

let code: Code | null | undefined;
const descriptors = new Map<string, NativePointer>(); // by signature and flags

/**
 * Make a block that calls another and retains it; the caller releases it with `letGo`. Null where that is not possible: on an
 * unknown processor, where pointers in blocks are signed, where the process may not have code of its own.
 */
export function forwardingBlock(to: NativePointer): OwnBlock | null {
  code ??= layOutCode();
  const invoke = to.add(INVOKE).readPointer();
  const flags = to.add(FLAGS).readS32();
  if (code === null || !plainCode(invoke).equals(invoke) || (flags & IS_SMALL) !== 0) return null;
  const draft = Memory.alloc(BYTES);
  const kept = flags & (HAS_SIGNATURE | HAS_STRET);
  draft.add(FLAGS).writeS32(kept | HAS_COPY_DISPOSE);
  draft.add(INVOKE).writePointer(code.forward);
  draft.add(DESCRIPTOR).writePointer(descriptorFor(to, flags, code));
  draft.add(CAPTURED).writePointer(to);
  const block = copyOfDraft(draft);
  return block === null ? null : { block, invoke: code.forward, own: true };
}

function descriptorFor(to: NativePointer, flags: number, { copy, dispose }: Code): NativePointer {
  const signed = (flags & HAS_SIGNATURE) !== 0;
  const signature = signed ? to.add(DESCRIPTOR).readPointer().strip("da").add((flags & HAS_COPY_DISPOSE) === 0 ? 16 : 32).readPointer() : NULL;
  const key = `${signature} ${signed}`;
  let made = descriptors.get(key);
  if (made === undefined) {
    const malloc = new NativeFunction(needExport("malloc"), "pointer", ["size_t"]);
    made = malloc(48) as NativePointer;
    made.writeU64(0).add(8).writeU64(BYTES).add(8).writePointer(copy).add(8).writePointer(dispose).add(8).writePointer(signature).add(8).writeU64(0);
    descriptors.set(key, made);
  }
  return made;
}

/** Write the code into a page of its own; null where there can be none. */
function layOutCode(): Code | null {
  const parts = PARTS[Process.arch];
  if (parts === undefined || Process.pointerSize !== 8) return null;
  const page = newPage();
  if (page === null) return null;
  const at = parts.map(([bytes, jumpTo], i) => {
    const place = page.add(i * CODE_BYTES);
    place.writeByteArray(bytes.match(/../g)!.map((byte) => parseInt(byte, 16)));
    if (jumpTo !== null) place.add(bytes.length / 2).writePointer(plainCode(needExport(jumpTo)));
    return place;
  });
  if (!Memory.protect(page, Process.pageSize, "r-x")) return null;
  return { forward: at[0]!, copy: at[1]!, dispose: at[2]! };
}

/** Return memory that is never freed. Source: sys/mman.h. */
function newPage(): NativePointer | null {
  const address = findExport("mmap");
  if (address === null) return null;
  const mmap = new NativeFunction(address, "pointer", ["pointer", "size_t", "int", "int", "int", "int64"]);
  const [readWrite, anonymous] = [3, Process.platform === "darwin" ? 0x1002 : 0x22];
  const page = mmap(NULL, Process.pageSize, readWrite, anonymous, -1, 0) as NativePointer;
  return page.equals(ptr(-1)) ? null : page;
}
