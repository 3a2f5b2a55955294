// Work that is handed on because of an origin: what hands it on is hooked, and what cannot be followed is said, once for each sort.
//
// On the wire a sort is a `hook` event: probe `handoff`, symbol `escape:SORT`, status `skipped`, code `escape`, and a reason.
import { IDS } from "../basics.js";
import { now } from "../clock.js";
import { codeMask } from "../code_pointers.js";
import { noteFirstBytes } from "../native_hooks/first_bytes.js";
import { openReplacements, type Replacements, GATE_C } from "../native_hooks/replace.js";
import { compile, findExport, LEAF, needExport } from "../native.js";
import { findMethod, readingOnce } from "../objc/methods.js";
import { available, classOf, lookUpClass, selector } from "../objc/runtime.js";
import { Attachments } from "../probes/attach.js";
import { parse } from "../probes/resolve.js";
import type { HookCode } from "../protocol.js";
import { LEFT_OUT, type Recording } from "../recording.js";
import { handoffC } from "./handoff_c.js";
import { type Handoff, HANDOFFS } from "./handoffs.js";
import type { Escape } from "./layout.js";
import type { NativeOrigins } from "./origins.js";
import { ORIGINS_H } from "./origins_c.js";
import { WORKS_BYTES, WORKS_C } from "./works_c.js";

const PROBE = "handoff";
const NO_COMPILER = "this process cannot compile C, and a slower hook would cost the app too much";
const LIBOBJC = "libobjc.A.dylib";

const ESCAPED: Readonly<Record<Escape, string>> = {
  threads: "more threads acted because of an event at once than can be followed",
  depth: "too many events were being handled on one thread, one inside the other",
  overflow: "more work was handed on at once than can be kept in mind",
  unhookable: "the code of some work that was handed on cannot be hooked",
  ambiguous: "the same function was handed on with the same argument because of different events",
  "source-function": "a timer of libdispatch was given a function, not a block",
  tasks: "more Swift tasks were made at once than can be kept in mind",
  "task-late": "a Swift task ran so long before its maker was done that it was asked for in vain",
  value: "a value was put into a Swift stream that no task waited for: which task goes on with it cannot be seen",
};

/** What the process has once for all agents of this script: the C, and where its work waits. */
class Compiled {
  readonly module: CModule;
  readonly works = Memory.alloc(WORKS_BYTES);
  readonly slot: number;
  readonly clear: () => void;
  private readonly kept: unknown[] = [];
  attach: (code: NativePointer) => boolean = () => false;

  constructor(origins: NativeOrigins, replacements: Replacements) {
    const cell = (value: NativePointer): NativePointer => this.keep(Memory.alloc(8).writePointer(value));
    this.slot = replacements.reserve(HANDOFFS.length);
    const source = [ORIGINS_H, GATE_C, `#define CLOCK_ID ${IDS.continuous}`, WORKS_C, handoffC(HANDOFFS.map(({ way }) => way), this.slot)].join("\n");
    this.module = compile(source, {
      ...origins.symbols,
      ...replacements.symbols,
      works: this.works,
      block_copy: needExport("_Block_copy"),
      block_release: needExport("_Block_release"),
      stack_block: needExport("_NSConcreteStackBlock"),
      objc_msgSend: needExport("objc_msgSend", LIBOBJC),
      class_of: needExport("object_getClass", LIBOBJC),
      implementation_of: needExport("class_getMethodImplementation", LIBOBJC),
      clock_gettime: needExport("clock_gettime"),
      timer_type: cell(findExport("_dispatch_source_type_timer", "libdispatch.dylib") ?? NULL),
      selector_retain: cell(selector("retain")),
      selector_release: cell(selector("release")),
      selector_main: cell(selector("main")),
      selector_start: cell(selector("start")),
      selector_count: cell(selector("count")),
      selector_object_at: cell(selector("objectAtIndex:")),
      code_lock: this.keep(Memory.alloc(16)), // zero is a lock that is free
      attach_code: this.keep(new NativeCallback((code) => Number(this.attach(code)), "int", ["pointer"])),
    });
    const prepare = new NativeFunction(this.module["works_prepare"]!, "void", ["pointer"], LEAF);
    prepare(codeMask());
    this.clear = new NativeFunction(this.module["works_clear"]!, "void", []) as never;
  }

  row(i: number): NativePointer {
    return (new NativeFunction(this.module["row_at"]!, "pointer", ["int"], LEAF) as (i: number) => NativePointer)(i);
  }

  private keep<T>(one: T): T {
    this.kept.push(one);
    return one;
  }
}

let compiled: Compiled | undefined;

export class Handoffs {
  private readonly codes = new Attachments();
  private readonly slow: InvocationListener[] = [];
  private readonly said = new Set<Escape>();
  private origins: NativeOrigins | null = null;

  constructor(private readonly recording: Recording) {}

  start(origins: NativeOrigins | null): void {
    if (this.recording.leavesOut(PROBE)) {
      for (const { symbol } of HANDOFFS) this.report(symbol, LEFT_OUT, { code: "left-out" });
      return;
    }
    this.origins = origins;
    let problem = origins === null ? NO_COMPILER : null;
    if (origins !== null) {
      try {
        compiled ??= new Compiled(origins, openReplacements());
        compiled.attach = (code) => this.attachCode(code);
      } catch (failure) {
        problem = messageOf(failure);
      }
    }
    readingOnce(() => HANDOFFS.forEach((handoff, i) => this.install(handoff, i, addressOf(handoff.symbol), problem)));
    Interceptor.flush();
  }

  /** Say what could not be followed since the last time. */
  beat(): void {
    for (const [sort, count] of this.origins?.escapes() ?? []) {
      if (count === 0 || this.said.has(sort)) continue;
      this.said.add(sort);
      this.report(`escape:${sort}`, ESCAPED[sort], { code: "escape" });
    }
  }

  /** Stop following; what waits is let go of once nothing is hooked any more. */
  stop(): void {
    for (const listener of this.slow.splice(0)) listener.detach();
    this.codes.stop();
    this.said.clear();
  }

  /** Let go of the work that has not run: nothing is hooked any more. */
  clear(): void {
    compiled?.clear();
  }

  private install({ symbol, waits }: Handoff, i: number, address: NativePointer | null, problem: string | null): void {
    if (address === null) return this.report(symbol, `this process has no ${symbol}`, { absent: true });
    if (problem !== null || compiled === undefined) return this.report(symbol, problem);
    let note: string | null = null;
    try {
      if (!waits) {
        try {
          openReplacements().put(compiled.slot + i, address, compiled.module[`fast_${i}`]!);
          return this.report(symbol, null);
        } catch (failure) {
          note = `by a listener, which costs more: ${messageOf(failure)}`;
        }
      }
      const { slow_enter, slow_leave } = compiled.module as unknown as Record<string, NativePointer>;
      noteFirstBytes(address);
      this.slow.push(Interceptor.attach(address, { onEnter: slow_enter!, onLeave: slow_leave! } as never, compiled.row(i)));
      this.report(symbol, note, { status: "installed" });
    } catch (failure) {
      this.report(symbol, `it cannot be hooked: ${messageOf(failure)}`);
    }
  }

  /** Hook the code of some work; called from C, by one thread at a time. */
  private attachCode(code: NativePointer): boolean {
    if (!this.recording.running || compiled === undefined) return false;
    try {
      const { code_enter, code_leave } = compiled.module as unknown as Record<string, NativePointer>;
      this.codes.attach(code, { onEnter: code_enter!, onLeave: code_leave! } as never, code);
      return true;
    } catch (problem) {
      this.recording.fault("work that was handed on cannot be hooked", problem);
      return false;
    }
  }

  private report(symbol: string, reason: string | null, more: { status?: "installed"; absent?: true; code?: HookCode } = {}): void {
    const status = reason === null ? "installed" : "skipped";
    this.recording.emit({ kind: "hook", at: now(), tid: null, probe: PROBE, symbol, status, reason, ...more });
  }
}

const messageOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));

function addressOf(symbol: string): NativePointer | null {
  const method = parse(symbol);
  if (method === null) return findExport(symbol, symbol.startsWith("dispatch_") ? "libdispatch.dylib" : undefined);
  const cls = available ? lookUpClass(method.className) : null;
  if (cls === null) return null;
  return findMethod(method.sign === "+" ? classOf(cls) : cls, method.selector)?.address ?? null;
}
