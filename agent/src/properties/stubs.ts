// The few instructions that neither TinyCC nor the script can write: the way into a counted getter, and a compare-and-swap.
//
// A getter's stub calls `count_getter`, gives every register of arguments its value back, and jumps on to the getter. So the
// getter returns to its own caller, and an exception passes as if nothing was there: no frame of ours is on the stack.

const MOST_STUB = 256;
const SAVED = 96; // of the arm64 stub's stack: four pairs of arguments, x8, and the frame record

/** Write code into new memory. It lives as long as the returned pointer. */
function code(size: number, write: (at: NativePointer, pc: NativePointer) => void): NativePointer {
  const page = Memory.alloc(Process.pageSize);
  Memory.patchCode(page, size, (at) => write(at, page));
  return page;
}

/** Code is made for these processors only. */
export const canMake = (): boolean => Process.pointerSize === 8 && (Process.arch === "x64" || Process.arch === "arm64");

/** Make `gssize swap (gssize * place, gssize value)`: puts a value where there is 0, returns what was there. */
export function makeSwap(): NativePointer {
  return code(MOST_STUB, (at) => {
    const bytes = Process.arch === "x64"
      ? [0x31, 0xc0, 0xf0, 0x48, 0x0f, 0xb1, 0x37, 0xc3] // xor eax, eax; lock cmpxchg [rdi], rsi; ret
      : [
          0x02, 0xfc, 0x5f, 0xc8, // ldaxr x2, [x0]
          0x82, 0x00, 0x00, 0xb5, // cbnz x2, clrex
          0x01, 0xfc, 0x03, 0xc8, // stlxr w3, x1, [x0]
          0xa3, 0xff, 0xff, 0x35, // cbnz w3, ldaxr
          0x02, 0x00, 0x00, 0x14, // b mov
          0x5f, 0x3f, 0x03, 0xd5, // clrex
          0xe0, 0x03, 0x02, 0xaa, // mov x0, x2
          0xc0, 0x03, 0x5f, 0xd6, // ret
        ];
    at.writeByteArray(bytes);
  });
}

/** Make the way into one getter. `original`: where the pointer to the getter's own beginning is. */
export function makeStub(getter: NativePointer, count: NativePointer, original: NativePointer): NativePointer {
  return code(MOST_STUB, (at, pc) => (Process.arch === "x64" ? writeX64 : writeArm64)(at, pc, getter, count.strip(), original));
}

function writeX64(at: NativePointer, pc: NativePointer, getter: NativePointer, count: NativePointer, original: NativePointer): void {
  const saved = ["rdi", "rsi", "rdx", "rcx", "r8", "r9"] as const;
  const above = 8 * (saved.length + 1);
  const w = new X86Writer(at, { pc });
  for (const register of saved) w.putPushReg(register);
  w.putSubRegImm("rsp", 8); // calls want the stack in sixteens
  w.putMovRegReg("rsi", "rdi");
  w.putMovRegRegOffsetPtr("rdx", "rsp", above);
  w.putLeaRegRegOffset("rcx", "rsp", above);
  w.putMovRegReg("r8", "rbp");
  w.putMovRegAddress("rdi", getter);
  w.putMovRegAddress("rax", count);
  w.putCallReg("rax");
  w.putAddRegImm("rsp", 8);
  for (const register of [...saved].reverse()) w.putPopReg(register);
  w.putMovRegAddress("rax", original);
  w.putMovRegRegPtr("rax", "rax");
  w.putJmpReg("rax");
  w.flush();
}

function writeArm64(at: NativePointer, pc: NativePointer, getter: NativePointer, count: NativePointer, original: NativePointer): void {
  const pairs = [["x0", "x1"], ["x2", "x3"], ["x4", "x5"], ["x6", "x7"], ["x8", "x9"]] as const;
  const w = new Arm64Writer(at, { pc });
  w.putPushRegReg("x29", "x30");
  for (const [one, other] of pairs) w.putPushRegReg(one, other);
  w.putMovRegReg("x1", "x0");
  w.putMovRegReg("x2", "x30");
  w.putAddRegRegImm("x3", "sp", SAVED);
  w.putMovRegReg("x4", "x29");
  w.putLdrRegAddress("x0", getter);
  w.putLdrRegAddress("x16", count);
  w.putBlrRegNoAuth("x16");
  for (const [one, other] of [...pairs].reverse()) w.putPopRegReg(one, other);
  w.putPopRegReg("x29", "x30");
  w.putLdrRegAddress("x16", original);
  w.putLdrRegRegOffset("x16", "x16", 0);
  w.putBrRegNoAuth("x16");
  w.flush();
}
