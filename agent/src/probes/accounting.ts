// The process's own accounting: the identifiers that Apple's report will show.
//
// A log of an access opens an interval or touches the one that is open; what is sent to the daemon carries the
// interval's identifier and kind. Source: facts, PAAccess (15.6 to 18), PAAccessLogger, PACoalescingIntervalTracker.
import { now } from "../clock.js";
import type { AccessKey, AccessShape, AccountingCache, AccountingSource } from "../native_hooks/accounting_cache.js";
import { checkedClassOf, className, ivarOffset, readIvar } from "../objc/runtime.js";
import { toText, toUuid } from "../objc/values.js";
import type { Recording } from "../recording.js";
import type { Hook } from "./hook.js";

const PHASES: Record<number, "begin" | "end"> = { 2: "begin", 3: "end" };
const PICKER_CLASS = "PAOutOfProcessPickerAccess";
const PHOTOS = /photo|picker/i;
const MOST_OPEN = 1000;

/** An access; its matcher is made of class, accessor and service. */
interface Access extends AccessKey {
  readonly identifier: string | null;
  readonly kind: number;
}

const KIND_EVENT = 1;
const KIND_END = 3;
const SERVICE = "_tccService";

function read(object: NativePointer): Access | null {
  if (object.isNull()) return null;
  try {
    const cls = checkedClassOf(object);
    const text = (name: string): string | null => {
      const value = readIvar(object, cls, name);
      return value === null ? null : toText(value);
    };
    const service = className(cls) === PICKER_CLASS ? "picker" : text(SERVICE) ?? text("_category");
    if (service !== null && !PHOTOS.test(service)) return null; // the same logger tells of cameras and contacts
    const identifier = readIvar(object, cls, "_identifier");
    return {
      identifier: identifier === null ? null : toUuid(identifier),
      kind: readIvar(object, cls, "_kind")?.toInt32() ?? KIND_EVENT,
      service,
      matcher: `${className(cls)} ${accessorOf(readIvar(object, cls, "_accessor"))} ${service}`,
    };
  } catch {
    return null;
  }
}

function accessorOf(accessor: NativePointer | null): string | null {
  if (accessor === null || accessor.isNull()) return null;
  const cls = checkedClassOf(accessor);
  for (const name of ["_bundleID", "_bundleIdentifier", "_identifier"]) {
    const value = readIvar(accessor, cls, name);
    if (value !== null) return toText(value);
  }
  return null;
}

export class Accounting implements AccountingSource {
  private readonly open = new Map<string, string>(); // matcher -> identifier of the interval
  private readonly begun = new Set<string>();
  private readonly keys = new Map<string, AccessKey | null>();
  private begins = 0;
  private ends = 0;

  /** The same for hooks in C, where there are any. */
  cache: AccountingCache | null = null;

  constructor(private readonly recording: Recording) {}

  /** By what C recognises an access: its class and its service, which say what it is. */
  shapeOf(object: NativePointer): AccessShape | null {
    if (object.isNull()) return null;
    try {
      const cls = checkedClassOf(object);
      const offset = ivarOffset(cls, SERVICE);
      return { cls, offset, service: readIvar(object, cls, SERVICE) ?? NULL, key: this.keyOf(object) };
    } catch {
      return null;
    }
  }

  /** The identifier of the interval that is open for accesses of a kind. */
  identifierOf(matcher: string): string | null {
    return this.open.get(matcher) ?? null;
  }

  /** What is sent to the daemon: the source that counts. */
  sendHook(): Hook {
    return {
      enter: (context, args) => {
        const access = read(args[2]!);
        const phase = PHASES[access?.kind ?? 0];
        if (access === null || phase === undefined) return;
        if (phase === "begin") this.begin(context.threadId, access);
        else this.end(context.threadId, access);
      },
    };
  }

  /** An interval begins; for versions that send by another way. */
  beginHook(): Hook {
    return {
      enter: (context, args) => {
        const access = read(args[2]!);
        if (access === null) return;
        context["access"] = access;
        context["begins"] = this.begins;
      },
      leave: (context) => {
        const access = context["access"] as Access | undefined;
        if (access !== undefined && context["begins"] === this.begins) this.begin(context.threadId, access);
      },
    };
  }

  /** An access falls into an interval: into a new one, or into the one that is open. */
  coalesceHook(): Hook {
    return {
      enter: (context, args) => {
        context["access"] = args[2]!;
        context["begins"] = this.begins;
      },
      leave: (context) => {
        if (context["begins"] !== this.begins) return;
        const access = this.keyOf(context["access"]);
        if (access === null) return;
        const identifier = this.open.get(access.matcher) ?? null;
        this.recording.emit({ kind: "accounting", at: now(), tid: context.threadId, phase: "touch", identifier, service: access.service });
      },
    };
  }

  /** An interval is over; for versions that send by another way, and then of the one that is open where there is only one. */
  expireHook(): Hook {
    return {
      enter: (context) => {
        context["ends"] = this.ends;
      },
      leave: (context) => {
        if (context["ends"] !== this.ends) return;
        const [only, ...more] = this.open;
        const identifier = only !== undefined && more.length === 0 ? only[1] : null;
        this.end(context.threadId, { identifier, service: null, matcher: only?.[0] ?? "", kind: KIND_END });
      },
    };
  }

  /** As `read`, but what a process says of itself again and again is looked up by its class and service alone. */
  private keyOf(object: NativePointer): AccessKey | null {
    if (this.recording.set !== "app" || object.isNull()) return read(object);
    const cls = checkedClassOf(object);
    const key = `${cls} ${readIvar(object, cls, SERVICE)}`;
    let known = this.keys.get(key);
    if (known === undefined) {
      known = read(object);
      if (this.keys.size < MOST_OPEN) this.keys.set(key, known);
    }
    return known;
  }

  private begin(tid: number, { identifier, service, matcher }: Access): void {
    this.begins++;
    this.cache?.begun();
    if (identifier !== null) {
      if (this.begun.has(identifier)) return;
      if (this.begun.size >= MOST_OPEN) this.begun.clear();
      this.begun.add(identifier);
      this.open.set(matcher, identifier);
      this.cache?.changed(matcher);
    }
    this.recording.emit({ kind: "accounting", at: now(), tid, phase: "begin", identifier, service });
  }

  private end(tid: number, { identifier, service, matcher }: Access): void {
    this.ends++;
    if (this.open.get(matcher) === identifier) {
      this.open.delete(matcher);
      this.cache?.changed(matcher);
    }
    this.recording.emit({ kind: "accounting", at: now(), tid, phase: "end", identifier, service });
  }
}
