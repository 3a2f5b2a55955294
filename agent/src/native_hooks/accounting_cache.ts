// The accounting's open intervals as C looks them up: by an access's class and service, the text of its event.
import { nativeText } from "../native.js";
import { CONTROL, MOST_ROWS, ROW } from "./layout.js";

/** Records may still point to texts that have been replaced. */
const KEPT = 256;
/** A text's bytes follow their number. */
const TEXT_AT = 4;

/** What makes two accesses fall into one interval, and what names it in an event. */
export interface AccessKey {
  readonly matcher: string;
  readonly service: string | null;
}

/** By what C recognises an access, and what it is: its class, where its service is kept, the service. */
export interface AccessShape {
  readonly cls: NativePointer;
  readonly offset: number | null;
  readonly service: NativePointer;
  readonly key: AccessKey | null;
}

/** Who knows the accounting: probes/accounting. */
export interface AccountingSource {
  shapeOf(access: NativePointer): AccessShape | null;
  /** The identifier of the interval that is open for accesses of a kind. */
  identifierOf(matcher: string): string | null;
}

interface CachedRow extends AccessKey {
  readonly row: NativePointer;
}

export class AccountingCache {
  private readonly rows = Memory.alloc(MOST_ROWS * ROW.bytes);
  private readonly spare = Memory.alloc(ROW.bytes);
  private readonly texts: NativePointer[] = [];
  private cached: CachedRow[] = [];
  source: AccountingSource | null = null;

  constructor(private readonly control: NativePointer) {
    control.add(CONTROL.rows).writePointer(this.rows);
  }

  clear(): void {
    this.cached = [];
    this.control.add(CONTROL.rowCount).writeU32(0);
  }

  /** An interval has begun, somewhere: what coalesces into it is no touch of its own. */
  begun(): void {
    const begins = this.control.add(CONTROL.begins);
    begins.writeU32((begins.readU32() + 1) >>> 0);
  }

  /** The open interval of a kind of access is another one now. */
  changed(matcher: string): void {
    for (const cached of this.cached) if (cached.matcher === matcher) this.write(cached);
  }

  /** Return the row of an access whose class and service C does not know yet. */
  lookup(access: NativePointer): NativePointer {
    const shape = this.source?.shapeOf(access) ?? null;
    if (shape === null) return NULL;
    const count = this.control.add(CONTROL.rowCount).readU32();
    const row = shape.offset === null || count === MOST_ROWS ? this.spare : this.rows.add(count * ROW.bytes);
    row.add(ROW.cls).writePointer(shape.cls);
    row.add(ROW.offset).writeU64(shape.offset ?? 0);
    row.add(ROW.service).writePointer(shape.service);
    row.add(ROW.text).writePointer(NULL);
    if (shape.key !== null) {
      const cached = { row, ...shape.key };
      if (row !== this.spare) this.cached.push(cached);
      this.write(cached);
    }
    if (row !== this.spare) this.control.add(CONTROL.rowCount).writeU32(count + 1);
    return row;
  }

  private write({ row, matcher, service }: CachedRow): void {
    const identifier = this.source!.identifierOf(matcher);
    const text = nativeText(`"identifier":${JSON.stringify(identifier)},"service":${JSON.stringify(service?.slice(0, 200) ?? null)}`);
    const memory = Memory.alloc(TEXT_AT + text.size);
    memory.writeU32(text.size);
    Memory.copy(memory.add(TEXT_AT), text.memory, text.size);
    this.texts.push(memory);
    if (this.texts.length > KEPT) this.texts.shift();
    row.add(ROW.text).writePointer(memory);
  }
}
