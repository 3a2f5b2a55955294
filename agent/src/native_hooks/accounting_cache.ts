// The accounting's open intervals in the form in which C looks them up: class and service of an access to the text of its event.
import { countedText, sharedWords } from "../native.js";
import { addNumber, publish } from "../publishing.js";
import { CONTROL, MOST_ROWS, ROW } from "./layout.js";

/** How much of what was replaced is kept in any case: a call may still be about to make a record that points to it. */
const KEPT = 256;
const WORD = 8;

/** What makes two accesses fall into one interval, and what names it in an event. */
export interface AccessKey {
  readonly matcher: string;
  readonly service: string | null;
}

/** What C recognises an access by: its class, the offset of its service, the service; and the key of its interval. */
export interface AccessShape {
  readonly cls: NativePointer;
  readonly offset: number | null;
  readonly service: NativePointer;
  readonly key: AccessKey | null;
}

/** Knows the accounting: probes/accounting. */
export interface AccountingSource {
  shapeOf(access: NativePointer): AccessShape | null;
  /** Return the identifier of the interval that is open for accesses of a kind. */
  identifierOf(matcher: string): string | null;
}

interface CachedRow extends AccessKey {
  readonly row: NativePointer;
  text: NativePointer;
}

export class AccountingCache {
  /** Pointers to rows, and an empty word. */
  private readonly table = sharedWords((MOST_ROWS + 1) * WORD);
  private rows = 0;
  private known: NativePointer[] = [];
  /** What was replaced, or found no room, and the number that the next event then had: records before it may point there. */
  private readonly left: [next: number, memory: unknown][] = [];
  private cached: CachedRow[] = [];
  source: AccountingSource | null = null;

  constructor(private readonly control: NativePointer) {
    control.add(CONTROL.rows).writePointer(this.table);
  }

  clear(): void {
    this.cached = [];
    this.rows = 0;
    this.known = [];
    for (const one of this.left) one[0] = 0; // numbers start again
    this.table.writeByteArray(new ArrayBuffer((MOST_ROWS + 1) * WORD));
  }

  /** An interval has begun: the access that opens it is not a touch as well. */
  begun(): void {
    addNumber(this.control.add(CONTROL.begins), 1);
  }

  /** The open interval of a kind of access has changed. */
  changed(matcher: string): void {
    for (const cached of this.cached) if (cached.matcher === matcher) this.write(cached);
  }

  /** Return the row of an access whose class and service C does not know yet. */
  lookup(access: NativePointer): NativePointer {
    const shape = this.source?.shapeOf(access) ?? null;
    if (shape === null) return NULL;
    const row = Memory.alloc(ROW.bytes);
    const fits = shape.offset !== null && this.rows !== MOST_ROWS;
    row.add(ROW.cls).writePointer(shape.cls);
    row.add(ROW.offset).writeU64(shape.offset ?? 0);
    row.add(ROW.service).writePointer(shape.service);
    row.add(ROW.text).writePointer(NULL);
    const cached = shape.key === null ? null : { row, text: NULL, ...shape.key };
    if (cached !== null) {
      if (fits) this.cached.push(cached);
      this.write(cached);
    }
    if (fits) {
      this.known.push(row);
      publish(this.table.add(this.rows++ * WORD), row);
    } else this.leave([row, cached]);
    return row;
  }

  private leave(memory: unknown): void {
    const { control, left } = this;
    left.push([Number(control.add(CONTROL.ticket).readU64()), memory]);
    while (left.length > KEPT && left[0]![0] < Number(control.add(CONTROL.tail).readU64())) left.shift();
  }

  private write(cached: CachedRow): void {
    const { row, matcher, service, text } = cached;
    const identifier = this.source!.identifierOf(matcher);
    cached.text = countedText(`"identifier":${JSON.stringify(identifier)},"service":${JSON.stringify(service?.slice(0, 200) ?? null)}`);
    publish(row.add(ROW.text), cached.text);
    this.leave(text);
  }
}
