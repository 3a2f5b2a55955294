// Getters that are counted: once a second, one `property` event for each symbol and cause.
import { backtrace, siteOf } from "../callers.js";
import { now } from "../clock.js";
import { ivarOffset, lookUpClass } from "../objc/runtime.js";
import { identifierOf } from "../probes/argument_decoding.js";
import type { Probe } from "../probes/catalogue/types.js";
import type { Hook } from "../probes/hook.js";
import type { Place } from "../probes/resolve.js";
import type { At } from "../protocol.js";
import type { Recording } from "../recording.js";
import { type Counted, type Counter, ScriptCounter } from "./counter.js";
import type { IdentityPlace, NativeCounter } from "./native_counter.js";

const QUIET_MS = 20;
/** After so many seconds without a call, the assets that were counted are forgotten: a new run begins. */
const IDLE_BEATS = 5;
/** After so many, nothing looks any more until the next call. */
const ASLEEP_BEATS = 8;
const NS = 1_000_000_000;
const MOST_SITES = 512;

/** Where objects keep their asset's identifier: an ivar, or one of the object in an ivar. Source: runtime dumps; see ../probes/argument_decoding.ts. */
const IDENTIFIERS = ["_uuid", "_assetLocalIdentifier"];
const HOP = { ivar: "_asset", class: "PHAsset" } as const;

export class Properties {
  /** Of getters that no function of C could take. */
  private readonly script = new ScriptCounter(now);
  private readonly symbols: string[] = [""]; // by getter
  private readonly last = new Map<string, At>();
  /** By thread, from where the last counted getter was called: `sp` at its entry. */
  private readonly sites = new Map<number, { sp: NativePointer; from: NativePointer }>();
  private run = 1;
  private idle = ASLEEP_BEATS;
  private turned = false;
  private clearing = false;

  constructor(
    private readonly recording: Recording,
    private readonly native: NativeCounter | null,
  ) {
    for (const counter of this.counters) counter.onCount = () => (this.idle = 0);
  }

  private get counters(): Counter[] {
    return this.native === null ? [this.script] : [this.native, this.script];
  }

  /** Put C's way of counting into a getter's place. Errors: Error where that is not possible. */
  watch(probe: Probe, place: Place): boolean {
    if (this.native === null) return false;
    this.native.watch(this.symbols.length, place.address, identityPlace(place.className));
    this.symbols.push(probe.symbol);
    return true;
  }

  /** The hook of a getter where C cannot take it. */
  hook(probe: Probe): Hook {
    const { recording, script } = this;
    const getter = this.symbols.push(probe.symbol) - 1;
    return {
      // Nothing at the return: a hook that waits for it has the return address, and an exception finds no way past that.
      enter: (context, args) => {
        const internal = this.isInternal(context);
        if (internal && !recording.options.internal) return;
        script.count(getter, recording.origins.here(context.threadId), internal, identifierOf(args[0]!, 0)?.split("/")[0] ?? null);
      },
    };
  }

  /** Return whether a framework calls for itself, or inside a call that is seen already: as in C. */
  private isInternal({ threadId: tid, returnAddress: from, context }: InvocationContext): boolean {
    const site = this.sites.get(tid);
    if (siteOf(from).foreign) {
      if (this.recording.nesting.top(tid)?.owner === "framework") return true;
      const frames = backtrace(context);
      if (!frames.some((address) => !siteOf(address).foreign)) return true;
      if (site !== undefined && site.sp.compare(context.sp) > 0 && frames.some((address) => address.equals(site.from))) return true;
    }
    if (this.sites.size >= MOST_SITES) this.sites.clear();
    this.sites.set(tid, { sp: context.sp, from });
    return false;
  }

  /** Called once a second. */
  beat(): void {
    if (this.clearing) return this.clear();
    if (this.turned || this.idle >= ASLEEP_BEATS) return;
    for (const counter of this.counters) counter.turn();
    this.turned = true;
    setTimeout(() => this.collect(), QUIET_MS);
  }

  /** Send what was counted until now: no getter is called any more. */
  stop(): void {
    if (!this.turned) for (const counter of this.counters) counter.turn();
    for (const _half of [0, 1]) {
      this.emit(this.counters.flatMap((counter) => counter.take()));
      for (const counter of this.counters) counter.turn();
    }
    this.turned = false;
  }

  private collect(): void {
    if (!this.turned) return;
    // A thread may be held inside for long: what it counts belongs to this second.
    if (!this.counters.every((counter) => counter.isQuiet())) return void setTimeout(() => this.collect(), QUIET_MS);
    this.turned = false;
    const counted = this.counters.flatMap((counter) => counter.take());
    this.emit(counted);
    this.idle = counted.length > 0 ? 0 : this.idle + 1;
    if (this.idle !== IDLE_BEATS) return;
    this.clearing = true;
    for (const counter of this.counters) {
      counter.sleep();
      counter.pauseSeen(true);
    }
  }

  private clear(): void {
    if (!this.counters.every((counter) => counter.isQuiet())) return;
    for (const counter of this.counters) {
      counter.clearSeen();
      counter.pauseSeen(false);
    }
    this.clearing = false;
    this.run++;
  }

  private emit(counted: readonly Counted[]): void {
    const before = new Map(this.last);
    this.last.clear();
    // In the order of the calls: a reader may take numbers for times.
    for (const one of [...counted].sort((left, right) => nanoseconds(left.at, right.at))) {
      const symbol = this.symbols[one.getter]!;
      const key = `${one.getter} ${one.cause} ${one.internal}`;
      const at = atLeastASecondAfter(before.get(key), one.at);
      this.last.set(key, at);
      this.recording.emit({
        kind: "property", at, tid: null, symbol, count: one.count, assets: one.assets === 0 && one.vague > 0 ? null : one.assets, cause: one.cause,
        new_assets: one.fresh, run: this.run, ...(one.vague > 0 ? { at_least: true as const } : {}), ...(one.internal ? { internal: true as const } : {}),
      });
    }
  }
}

/** Negative where the first is earlier, by the clock that never steps. */
function nanoseconds(one: At, other: At): number {
  return (one[2] - other[2]) * NS + (one[3] - other[3]);
}

/** Return when an event of a pair is: at its first call, and no less than a second after the pair's last event. */
function atLeastASecondAfter(last: At | undefined, at: At): At {
  if (last === undefined) return at;
  const missing = NS - nanoseconds(at, last);
  if (missing <= 0) return at;
  const later = (s: number, ns: number): [number, number] => [s + Math.floor((ns + missing) / NS), (ns + missing) % NS];
  return [...later(at[0], at[1]), ...later(at[2], at[3])] as unknown as At;
}

/** Return where objects of a class keep their asset's identifier. */
function identityPlace(className: string): IdentityPlace {
  const cls = lookUpClass(className);
  const offset = cls === null ? null : firstOffset(cls);
  if (offset !== null) return { offset, hop: 0 };
  const [hop, asset] = [cls === null ? null : ivarOffset(cls, HOP.ivar), lookUpClass(HOP.class)];
  const inner = hop === null || asset === null ? null : firstOffset(asset);
  return inner === null ? { offset: 0, hop: 0 } : { offset: inner, hop: hop! };
}

function firstOffset(cls: NativePointer): number | null {
  for (const name of IDENTIFIERS) {
    const offset = ivarOffset(cls, name);
    if (offset !== null) return offset;
  }
  return null;
}
