// The one loop: resolve, attach, report.
import { now } from "../clock.js";
import { noteFirstBytes } from "../native_hooks/first_bytes.js";
import { readingOnce } from "../objc/methods.js";
import { available, classOf, isKind, selectorName } from "../objc/runtime.js";
import type { HookCode, ProbeSet } from "../protocol.js";
import { LEFT_OUT, type Recording } from "../recording.js";
import { describe, type Handle, type Probe, probes } from "./catalogue/index.js";
import { callbacks, type Hook, type NativeHooked } from "./hook.js";
import { INTERNAL_DISABLED } from "./internal_probe.js";
import { describedTable, hasType } from "./observer_tables.js";
import { observerType } from "./observers.js";
import { type Place, resolve } from "./resolve.js";

const NO_RUNTIME = "this process has no Objective-C runtime";
const NOT_YET_KNOWN = "no class is known yet that implements it for Photos: hooked on each class as soon as it is known";

/** Other probes see what these see: without them nothing is missed. */
const OPTIONAL_HANDLES: ReadonlySet<Handle> = new Set(["internal", "observer-table", "accounting-expire"]);

/** The place has a probe that sees all of it; of the two ways to load a set a version has one or both. */
const OPTIONAL_PROBES: ReadonlySet<string> = new Set(["property.place-storage", "property.set", "property.set-prefetched"]);

const OBSERVER_CALLBACK = /^-\[\* photoLibrary/;

interface Candidate {
  readonly probe: Probe;
  readonly place: Place;
}

export const isCallback = (probe: Probe): boolean => probe.handle === "callback";

export function probesOf(set: ProbeSet): Probe[] {
  return probes.filter((probe) => probe.sets.includes(set));
}

/** Return what would be installed here, what would not, and why. Installs nothing. */
export function survey(set: ProbeSet): Record<string, unknown>[] {
  return readingOnce(() =>
    probesOf(set).map((probe) => {
      const reason = !available ? NO_RUNTIME : isCallback(probe) ? null : reasonOf(probe);
      const table = isCallback(probe) && available ? tableOf(probe) : {};
      return { ...describe(probe), status: reason === null ? "would install" : "skipped", reason, ...table };
    }),
  );
}

/** Return where a callback's observers from before the attach are: the first iOS with that table, or null where none is known. */
function tableOf({ symbol }: Probe): { table?: string | null } {
  const type = OBSERVER_CALLBACK.test(symbol) ? observerType(symbol) : null;
  return type === null || !hasType(type) ? {} : { table: describedTable(type)?.since ?? null };
}

function reasonOf(probe: Probe): string | null {
  const place = resolve(probe);
  return "reason" in place ? place.reason : null;
}

export class Installer {
  private readonly listeners: InvocationListener[] = [];
  private waiting: Probe[] = [];
  installed = 0;
  skipped = 0;

  constructor(
    private readonly recording: Recording,
    private readonly hookOf: (probe: Probe) => Hook,
    /** Return the hook of a probe in C; null where the hook is in JavaScript. */
    private readonly nativeHookOf: (probe: Probe) => NativeHooked | null,
    /** Put a getter that is counted into its own place in C; returns whether that was done. */
    private readonly count: (probe: Probe, place: Place) => boolean,
  ) {}

  install(wanted: readonly Probe[]): void {
    this.installed = this.skipped = 0;
    this.waiting = [];
    readingOnce(() => this.add(wanted, { report: true }));
  }

  /** Try again the probes that may have come with an image. */
  retry(): void {
    const wanted = this.waiting;
    if (wanted.length === 0) return;
    this.waiting = [];
    readingOnce(() => this.add(wanted, { report: false }));
  }

  stop(): void {
    for (const listener of this.listeners.splice(0)) listener.detach();
  }

  private add(wanted: readonly Probe[], { report }: { report: boolean }): void {
    const byAddress = new Map<string, Candidate[]>();
    for (const probe of wanted) {
      if (this.recording.leavesOut(probe.probe)) {
        this.skip(probe, LEFT_OUT, { report, code: "left-out" });
        continue;
      }
      if (isCallback(probe)) {
        this.skip(probe, NOT_YET_KNOWN, { report, absent: true });
        continue;
      }
      const place = resolve(probe);
      if (!("reason" in place) && probe.handle === "internal" && !this.recording.options.internal) {
        this.skip(probe, INTERNAL_DISABLED, { report, absent: true });
        continue;
      }
      if ("reason" in place) {
        if (place.mayCome) this.waiting.push(probe);
        this.skip(probe, place.reason, { report, absent: place.absent === true, code: place.code });
        continue;
      }
      const key = place.address.toString();
      const there = byAddress.get(key);
      if (there === undefined) byAddress.set(key, [{ probe, place }]);
      else there.push({ probe, place });
    }
    for (const candidates of byAddress.values()) this.attach(candidates);
  }

  private attach(candidates: Candidate[]): void {
    const first = candidates[0]!;
    noteFirstBytes(first.place.address);
    const alone = candidates.length === 1 && !first.place.shared;
    try {
      const done = alone && first.probe.handle === "property" && this.count(first.probe, first.place);
      const native = alone && !done ? this.nativeHookOf(first.probe) : null;
      if (native !== null) this.listeners.push(Interceptor.attach(first.place.address, native.callbacks, native.data));
      else if (!done) {
        const hook = alone ? this.hookOf(first.probe) : this.dispatch(candidates);
        this.listeners.push(Interceptor.attach(first.place.address, callbacks(this.recording, first.probe.symbol, hook)));
      }
      for (const { probe } of candidates) this.report(probe, "installed", null);
      this.installed += candidates.length;
    } catch (problem) {
      const reason = `it cannot be hooked: ${problem instanceof Error ? problem.message : String(problem)}`;
      for (const { probe } of candidates) this.skip(probe, reason, { report: true });
    }
  }

  /** Several methods share one piece of code: the selector and the class of the call decide which it is. */
  private dispatch(candidates: readonly Candidate[]): Hook {
    const hooks = candidates.map(({ probe, place }) => ({ ...place, hook: this.hookOf(probe) }));
    return {
      enter: (context, args) => {
        const selector = selectorName(args[1]!);
        const cls = classOf(args[0]!);
        const found = hooks.find((one) => one.selector === selector && (hooks.length === 1 || isKind(cls, one.className)));
        context["dispatched"] = found?.hook;
        found?.hook.enter(context, args);
      },
      leave: (context, result) => (context["dispatched"] as Hook | undefined)?.leave?.(context, result),
    };
  }

  /** Count a probe as skipped. `absent`: this process has nothing that it could hook, so nothing is missed. */
  private skip(probe: Probe, reason: string, { report, absent = false, code }: { report: boolean; absent?: boolean; code?: HookCode | undefined }): void {
    if (!report) return; // it was counted at the first try
    this.skipped++;
    // A private name that is gone may only have been renamed: that leaves a blind spot, unlike a public one.
    const mayBeRenamed = probe.since === null && !OPTIONAL_HANDLES.has(probe.handle) && !OPTIONAL_PROBES.has(probe.probe);
    this.report(probe, "skipped", reason, { absent: absent && !mayBeRenamed, code });
  }

  private report(probe: Probe, status: "installed" | "skipped", reason: string | null, { absent = false, code }: { absent?: boolean; code?: HookCode | undefined } = {}): void {
    const { probe: name, symbol } = probe;
    const more = { ...(absent ? { absent } : {}), ...(code === undefined ? {} : { code }) };
    this.recording.emit({ kind: "hook", at: now(), tid: null, probe: name, symbol, status, reason, ...more });
  }
}
