// Events on the app's own disk, for a phone that is away from its host: what is there survives the process.
//
// One file in the app's container: for each batch a line that says whose it is and which numbers, then its text.
import { findExport, needExport } from "../native.js";

const LARGEST_BYTES = 64 << 20;
const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

interface Entry {
  agent: string;
  first: number;
  count: number;
  /** Where the text begins in the file, and its size, bytes. */
  at: number;
  size: number;
}

/** What one agent has left behind. */
export interface Left {
  agent: string;
  first: number;
  next: number;
}

export class Spool {
  private entries: Entry[] = [];
  private out: File | null = null;
  private bytes = 0;

  constructor(private readonly path: string) {
    this.index();
  }

  /** The spool of this process's container; null where it has none. */
  static ofThisApp(): Spool | null {
    const home = homeFolder();
    if (home === null) return null;
    const folder = `${home}/Library`;
    callC("mkdir", folder, OWNER_ONLY_FOLDER);
    return new Spool(`${folder}/lightleak-${Process.mainModule.name}.spool`);
  }

  /** Write a batch; throws where the disk does not take it. False where the file is as large as it may be. */
  append(agent: string, first: number, count: number, text: string): boolean {
    if (this.bytes + text.length > LARGEST_BYTES) return false;
    this.out ??= this.open();
    const head = `${JSON.stringify({ agent, first, count })}\n`;
    this.out.write(`${head}${text}\n`);
    this.out.flush();
    const size = byteSize(text);
    this.entries.push({ agent, first, count, at: this.bytes + head.length, size });
    this.bytes += head.length + size + 1;
    return true;
  }

  /** Forget an agent's events up to a number; a file without any is emptied. */
  forget(agent: string, upTo: number): void {
    if (this.entries.length === 0) return;
    this.entries = this.entries.filter((entry) => entry.agent !== agent || entry.first + entry.count - 1 > upTo);
    if (this.entries.length > 0) return;
    this.out?.close();
    this.out = null;
    this.bytes = 0;
    callC("unlink", this.path, 0);
  }

  /** Whose events are there. */
  left(): Left[] {
    const all = new Map<string, Left>();
    for (const { agent, first, count } of this.entries) {
      const known = all.get(agent);
      all.set(agent, { agent, first: Math.min(first, known?.first ?? first), next: Math.max(first + count, known?.next ?? 0) });
    }
    return [...all.values()];
  }

  /** An agent's batches in part or whole between two numbers, each to be read when it is needed. */
  batches(agent: string, from: number, before: number): { first: number; read: () => string }[] {
    const wanted = this.entries.filter((entry) => entry.agent === agent && entry.first + entry.count > from && entry.first < before);
    return wanted.map((entry) => ({ first: entry.first, read: () => this.read(entry) }));
  }

  private read(entry: Entry): string {
    const file = new File(this.path, "rb");
    try {
      file.seek(entry.at);
      return file.readText(entry.size);
    } finally {
      file.close();
    }
  }

  private open(): File {
    const file = new File(this.path, "ab");
    callC("chmod", this.path, OWNER_ONLY);
    if (this.bytes > 0) {
      // What was being written when an earlier process ended may lack its end.
      file.write("\n");
      this.bytes++;
    }
    return file;
  }

  private index(): void {
    let file: File;
    try {
      file = new File(this.path, "rb");
    } catch {
      return; // nothing has been left
    }
    file.seek(0, File.SEEK_END);
    this.bytes = Number(file.tell());
    file.seek(0);
    while (Number(file.tell()) < this.bytes) {
      const head = headOf(file.readLine());
      if (head === null) continue;
      const at = Number(file.tell());
      const whole = /\]\n?$/.test(file.readLine());
      if (whole) this.entries.push({ ...head, at, size: Number(file.tell()) - at - 1 });
    }
    file.close();
  }
}

/** Read the line before a batch; null where it is none, or half of one. */
function headOf(line: string): Pick<Entry, "agent" | "first" | "count"> | null {
  try {
    const { agent, first, count } = JSON.parse(line) as Entry;
    return typeof agent === "string" && Number.isSafeInteger(first) && Number.isSafeInteger(count) ? { agent, first, count } : null;
  } catch {
    return null;
  }
}

/** The app's container: what HOME names in every app. Source: NSPathUtilities.h, NSHomeDirectory. */
function homeFolder(): string | null {
  const getenv = new NativeFunction(needExport("getenv"), "pointer", ["pointer"]);
  const home = getenv(Memory.allocUtf8String("HOME"));
  return home.isNull() ? null : home.readUtf8String();
}

function callC(name: string, path: string, mode: number): void {
  const address = findExport(name);
  if (address !== null) new NativeFunction(address, "int", ["pointer", "int"])(Memory.allocUtf8String(path), mode);
}

function byteSize(text: string): number {
  const memory = Memory.allocUtf8String(text);
  const strlen = new NativeFunction(needExport("strlen"), "size_t", ["pointer"]);
  return Number(strlen(memory));
}
