// Events on the app's own disk, for a phone that is away from its host: they survive the process.
//
// A spool is up to eight files, each of one process. A file has two lines for each batch: one with its agent and its
// numbers, and one with its text. Nothing here depends on Frida: the disk is passed in.

const FILES = 8;
const FILE_BYTES = 8 << 20;
const AGENT = /^[0-9A-Fa-f-]{1,64}$/;

export interface Disk {
  create(path: string): number | null;
  write(file: number, at: number, data: ArrayBuffer | string): boolean;
  close(file: number): void;
  remove(path: string): void;
  lines(path: string): Iterable<{ at: number; size: number; text: string }>;
  read(path: string, at: number, size: number): ArrayBuffer;
  lives(pid: number): boolean;
}

/** The line before a batch. */
interface Head {
  agent: string;
  pid: number;
  first: number;
  count: number;
}

/** Where a batch's text is, in bytes. */
interface Entry extends Head {
  at: number;
  size: number;
}

interface SpoolFile {
  path: string;
  entries: Entry[];
  /** Open for writing, and how far it is written. */
  open: number | null;
  bytes: number;
}

/** The events that one agent has left. */
export interface Left {
  agent: string;
  first: number;
  next: number;
}

export class Spool {
  private files: SpoolFile[] = [];
  private current: SpoolFile | null = null;
  private writing = false;
  /** Whether the last batch found no room, and nothing was forgotten since. */
  full = false;

  constructor(
    private readonly disk: Disk,
    private readonly base: string,
    private readonly pid: number,
  ) {
    for (const path of this.paths()) this.index(path);
  }

  /** Write a batch; throws a sentence where there is no room. */
  append(agent: string, first: number, count: number, bytes: ArrayBuffer): void {
    const head = `${JSON.stringify({ agent, pid: this.pid, first, count })}\n`;
    const size = bytes.byteLength;
    this.full = true;
    const file = this.roomFor(head.length + size + 1);
    const entry: Entry = { agent, pid: this.pid, first, count, at: file.bytes + head.length, size };
    const begin = file.bytes;
    const { at } = entry;
    // Hooks may run meanwhile, and acknowledgements: the place is taken before anything is written.
    file.bytes += head.length + size + 1;
    file.entries.push(entry);
    this.writing = true;
    const open = file.open!;
    const whole = this.disk.write(open, begin, head) && this.disk.write(open, at, bytes) && this.disk.write(open, at + size, "\n");
    this.writing = false;
    this.full = !whole;
    if (whole) return;
    // The batch may be cut off: nothing is written after it.
    file.entries.splice(file.entries.indexOf(entry), 1);
    this.finish(file);
    throw new Error("the spool cannot be written to the disk");
  }

  /** Forget an agent's events up to a number; a file without any is removed. */
  forget(agent: string, upTo: number): void {
    this.full = false;
    for (const file of this.files) {
      file.entries = file.entries.filter((entry) => entry.agent !== agent || entry.first + entry.count - 1 > upTo);
    }
    if (!this.writing) this.removeEmpty();
  }

  /** Return which agents have events here. */
  left(): Left[] {
    const all = new Map<string, Left>();
    for (const { agent, first, count } of this.entries()) {
      const known = all.get(agent);
      all.set(agent, { agent, first: Math.min(first, known?.first ?? first), next: Math.max(first + count, known?.next ?? 0) });
    }
    return [...all.values()];
  }

  /** Return an agent's batches that have numbers from `from` to before `before`, in order; each is read when needed. */
  batches(agent: string, from: number, before: number): { first: number; read: () => ArrayBuffer }[] {
    const wanted = this.files.flatMap(({ path, entries }) =>
      entries
        .filter((entry) => entry.agent === agent && entry.first + entry.count > from && entry.first < before)
        .map(({ first, at, size }) => ({ first, read: () => this.disk.read(path, at, size) })),
    );
    return wanted.sort((one, other) => one.first - other.first);
  }

  private paths(): string[] {
    return Array.from({ length: FILES }, (_, i) => `${this.base}.${i + 1}.spool`);
  }

  private entries(): Entry[] {
    return this.files.flatMap(({ entries }) => entries);
  }

  private roomFor(bytes: number): SpoolFile {
    const { current } = this;
    if (current !== null && (current.bytes === 0 || current.bytes + bytes <= FILE_BYTES)) return current;
    if (current !== null) this.finish(current);
    for (const path of this.paths()) {
      if (this.files.some((file) => file.path === path)) continue;
      const open = this.disk.create(path);
      if (open === null) continue;
      const file: SpoolFile = { path, entries: [], open, bytes: 0 };
      this.files.push(file);
      this.current = file;
      return file;
    }
    throw new Error("the spool is full");
  }

  /** Write no more into a file. */
  private finish(file: SpoolFile): void {
    if (file.open !== null) this.disk.close(file.open);
    file.open = null;
    if (this.current === file) this.current = null;
    this.removeEmpty();
  }

  private removeEmpty(): void {
    for (const file of this.files.filter(({ entries }) => entries.length === 0)) {
      if (file.open !== null) this.disk.close(file.open);
      if (this.current === file) this.current = null;
      this.disk.remove(file.path);
    }
    this.files = this.files.filter(({ entries }) => entries.length > 0);
  }

  private index(path: string): void {
    const entries: Entry[] = [];
    let head: Head | null = null;
    let bytes = 0;
    for (const { at, size, text } of this.disk.lines(path)) {
      bytes = at + size + 1;
      if (head !== null && text.startsWith("[") && text.endsWith("]")) entries.push({ ...head, at, size });
      head = headOf(text);
      // Another process of the same name is writing it.
      if (head !== null && head.pid !== this.pid && this.disk.lives(head.pid)) return;
    }
    if (entries.length > 0) this.files.push({ path, entries, open: null, bytes });
    else if (bytes > 0) this.disk.remove(path);
  }
}

/** Read the line before a batch; null for any other line. */
function headOf(line: string): Head | null {
  if (!line.startsWith("{")) return null;
  try {
    const { agent, pid, first, count } = JSON.parse(line) as Record<keyof Head, unknown>;
    if (typeof agent !== "string" || !AGENT.test(agent)) return null;
    return isCount(pid) && isCount(first) && isCount(count) ? { agent, pid, first, count } : null;
  } catch {
    return null;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= 1e12;
}
