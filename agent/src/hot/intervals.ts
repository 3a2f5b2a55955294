// The accounting's open intervals as C looks them up: by an access's class and service, the text of its event.
import type { Accounting } from "../probes/accounting.js";
import { nativeText } from "../native.js";
import { CONTROL, MOST_ROWS, ROW } from "./layout.js";

/** Records may still point to texts that have been replaced. */
const KEPT = 256;
/** A text's bytes follow their number. */
const TEXT_AT = 4;

interface Known {
  readonly row: NativePointer;
  readonly matcher: string;
  readonly service: string | null;
}

export class Intervals {
  private readonly rows = Memory.alloc(MOST_ROWS * ROW.bytes);
  private readonly spare = Memory.alloc(ROW.bytes);
  private readonly texts: NativePointer[] = [];
  private known: Known[] = [];
  accounting: Accounting | null = null;

  constructor(private readonly control: NativePointer) {
    control.add(CONTROL.rows).writePointer(this.rows);
  }

  clear(): void {
    this.known = [];
    this.control.add(CONTROL.rowCount).writeU32(0);
  }

  /** An interval has begun, somewhere: what coalesces into it is no touch of its own. */
  begun(): void {
    const begins = this.control.add(CONTROL.begins);
    begins.writeU32((begins.readU32() + 1) >>> 0);
  }

  /** The open interval of a kind of access is another one now. */
  changed(matcher: string): void {
    for (const known of this.known) if (known.matcher === matcher) this.write(known);
  }

  /** An access of a class and service that were not met: answers its row. */
  meet(access: NativePointer): NativePointer {
    const { accounting } = this;
    if (accounting === null) return NULL;
    const met = accounting.meet(access);
    if (met === null) return NULL;
    const count = this.control.add(CONTROL.rowCount).readU32();
    const row = met.offset === null || count === MOST_ROWS ? this.spare : this.rows.add(count * ROW.bytes);
    row.add(ROW.cls).writePointer(met.cls);
    row.add(ROW.offset).writeU64(met.offset ?? 0);
    row.add(ROW.service).writePointer(met.value);
    row.add(ROW.text).writePointer(NULL);
    if (met.access !== null) {
      const known = { row, ...met.access };
      if (row !== this.spare) this.known.push(known);
      this.write(known);
    }
    if (row !== this.spare) this.control.add(CONTROL.rowCount).writeU32(count + 1);
    return row;
  }

  private write({ row, matcher, service }: Known): void {
    const identifier = this.accounting!.identifierOf(matcher);
    const text = nativeText(`"identifier":${JSON.stringify(identifier)},"service":${JSON.stringify(service?.slice(0, 200) ?? null)}`);
    const memory = Memory.alloc(TEXT_AT + text.size);
    memory.writeU32(text.size);
    Memory.copy(memory.add(TEXT_AT), text.memory, text.size);
    this.texts.push(memory);
    if (this.texts.length > KEPT) this.texts.shift();
    row.add(ROW.text).writePointer(memory);
  }
}
