// The agent as a whole: what start() begins and stop() ends.
import { forgetImages } from "./callers.js";
import { now } from "./clock.js";
import { identity, role } from "./identity.js";
import { openLane, whyNoLane, type Lane } from "./hot/lane.js";
import { Polling } from "./hot/polling.js";
import { HotHook } from "./hot/probes.js";
import { Lifecycle } from "./lifecycle.js";
import { prepareFloats } from "./objc/floats.js";
import { QUIET, needExport } from "./native.js";
import { available } from "./objc/runtime.js";
import { pooled } from "./objc/values.js";
import { startOptions, type StartOptions } from "./protocol.js";
import { accessHook } from "./probes/access.js";
import { Accounting } from "./probes/accounting.js";
import { askHook, statusHook } from "./probes/authorization.js";
import { onCallback } from "./probes/called.js";
import { Callbacks } from "./probes/callbacks.js";
import type { Probe } from "./probes/catalogue/index.js";
import { delegateHook, watchDelegate, watchListeners } from "./probes/delegates.js";
import { Deliveries } from "./probes/deliveries.js";
import type { Hook } from "./probes/hook.js";
import { Handoffs } from "./probes/handoffs.js";
import { Installer, isCallback, probesOf } from "./probes/install.js";
import { Observers } from "./probes/observers.js";
import { isWake, taskHook } from "./probes/waking.js";
import { witnessHook } from "./probes/witness.js";
import { Session } from "./session.js";

const BEAT_MS = 1000;
const SETTLE_MS = 20;
const WAIT_US = 1000;
const MOST_WAITS = 1500;

const usleep = new NativeFunction(needExport("usleep"), "int", ["uint"], QUIET);

export class Agent {
  readonly session = new Session();
  private readonly deliveries = new Deliveries(this.session);
  private readonly lifecycle = new Lifecycle(this.session);
  private readonly handoffs = new Handoffs(this.session, this.deliveries);
  private readonly callbacks = new Callbacks(this.session, onCallback(this.session, this.lifecycle), this.handoffs);
  private readonly accounting = new Accounting(this.session);
  private readonly installer = new Installer(this.session, (probe) => this.hookOf(probe), (probe) => this.hotOf(probe));
  private readonly timers: ReturnType<typeof setInterval>[] = [];
  private images: ModuleObserver | null = null;
  private settling = false;
  private lane: Lane | null = null;
  private polling: Polling | null = null;
  private readonly hot: HotHook[] = [];
  private observers!: Observers;

  async start(asked: unknown): Promise<{ installed: number; skipped: number }> {
    const { session } = this;
    // Its numbers would begin again under the same name.
    if (session.running || session.outbox.next > 1) throw new Error("the agent has been started already");
    session.options = startOptions(asked);
    session.outbox.bound = session.options.bound;
    this.choose(session.options);
    session.outbox.onDrop = (from, to) => {
      const reason = "events were dropped before this";
      if (session.running && session.toldHooks(from, to)) return this.retell(reason);
      session.stacks.forget();
      this.lifecycle.repeat(reason);
    };
    this.tell("attached");
    session.outbox.flush();
    this.timers.push(setInterval(() => this.beat(), BEAT_MS));
    if (available) await this.watch();
    else for (const probe of probesOf(session.set)) this.refuse(probe);
    if (session.over) throw new Error("the agent was stopped while it started");
    this.tell("ready");
    session.outbox.flush();
    const { installed, skipped } = this.installer;
    return { installed, skipped };
  }

  /** Tell again what is installed, who observes and what is in force, for whoever has not heard it. */
  retell(reason: string): void {
    this.session.retellHooks();
    // Who does not know that the library was in use already would take the next query for the first.
    if (available && this.session.set === "app") pooled(() => this.observers.find());
    this.session.stacks.forget();
    this.lifecycle.repeat(reason);
  }

  /** Take the hooks out. No event says so: `detached` does, and what was installed until then has watched until then. */
  stop(): number {
    const { session } = this;
    this.timers.splice(0).forEach(clearInterval);
    this.images?.detach();
    this.images = null;
    if (session.running) {
      session.running = false;
      this.lane?.run(false);
      this.settleCalls();
      this.installer.stop();
      this.callbacks.stop();
      this.handoffs.stop();
      this.deliveries.stop();
      this.lifecycle.stop();
      Interceptor.flush();
      this.polling?.stop();
      session.nesting.clear();
    }
    const next = session.outbox.leaveRing();
    session.over = next > 1;
    return next;
  }

  private async watch(): Promise<void> {
    const { session, installer } = this;
    prepareFloats();
    session.stacks.prepare();
    const probes = probesOf(session.set);
    const callback = (selector: string): Probe => probes.find((probe) => isCallback(probe) && probe.symbol.includes(selector))!;
    this.observers = new Observers(session, this.callbacks, {
      change: callback("photoLibraryDidChange:"),
      availability: callback("photoLibraryDidBecomeUnavailable:"),
    });
    session.running = true;
    this.lane?.run(true);
    pooled(() => {
      installer.install(probes);
      Interceptor.flush();
      if (session.set === "app") {
        this.handoffs.start();
        this.observers.find();
        watchListeners(this.callbacks, probes.filter((probe) => isCallback(probe) && isWake(probe)));
      }
    });
    this.images = Process.attachModuleObserver({ onAdded: () => this.settle(), onRemoved: () => this.settle() });
    this.lifecycle.onDelegate = (delegate) => watchDelegate(delegate, this.callbacks, probes.filter(isCallback));
    await this.lifecycle.start();
  }

  /** Images have come or gone: look again at what was missing, once they are at rest. */
  private settle(): void {
    if (this.settling) return;
    this.settling = true;
    setTimeout(() => {
      this.settling = false;
      forgetImages();
      this.lane?.refreshImages();
      if (!this.session.running) return;
      pooled(() => this.installer.retry());
      Interceptor.flush();
    }, SETTLE_MS);
  }

  /** Which lane the frequent calls take. */
  private choose({ lane, internal }: StartOptions): void {
    const { session } = this;
    this.lane = lane === "js" || !available ? null : openLane(session.stacks.prepare());
    if (this.lane === null) {
      if (lane === "c" && available) throw new Error(`the C lane cannot be had in this process: ${whyNoLane()}`);
      return;
    }
    this.lane.begin(internal);
    this.lane.intervals.accounting = this.accounting;
    this.accounting.intervals = this.lane.intervals;
    this.lane.onStack = (id) => session.stacks.use(id);
    session.stacks.onForget = () => this.lane?.forgetStacks();
    session.nesting = this.lane.nesting;
    session.outbox.ring = this.lane;
    session.lane = "c";
    this.polling = new Polling(this.lane, session.outbox);
  }

  private hotOf(probe: Probe): { callbacks: NativeInvocationListenerCallbacks; data: NativePointer } | null {
    const hook = this.lane === null ? null : HotHook.of(probe, this.session.set);
    if (this.lane === null || hook === null) return null;
    this.hot.push(hook);
    return { callbacks: { onEnter: this.lane.enter as never, onLeave: this.lane.leave as never }, data: hook.memory };
  }

  /** Hooks are taken out when no call is inside one: code that a thread comes back to must not go before. */
  private settleCalls(): void {
    const { nesting } = this.session;
    for (let waits = 0; (nesting.calls > 0 || this.lane?.busy === true) && waits !== MOST_WAITS; waits++) usleep(WAIT_US);
  }

  private beat(): void {
    if (this.session.running) {
      this.callbacks.refresh();
      this.lifecycle.hearAnswer();
    }
    this.session.outbox.flush();
    this.session.outbox.beat();
  }

  private hookOf(probe: Probe): Hook {
    const { session, deliveries, accounting } = this;
    switch (probe.handle) {
      case "access":
      case "callback":
        return accessHook(session, deliveries, probe);
      case "observer":
        return this.observers.hook(probe, "registered");
      case "observer-gone":
        return this.observers.hook(probe, "unregistered");
      case "status":
        return statusHook(session, probe);
      case "ask":
        return askHook(session, deliveries, probe);
      case "delegate":
        return delegateHook(this.callbacks, probesOf(session.set).filter(isCallback));
      case "task":
        return taskHook(session, deliveries, this.lifecycle, probe);
      case "accounting-send":
        return accounting.sendHook();
      case "accounting-begin":
        return accounting.beginHook();
      case "accounting-coalesce":
        return accounting.coalesceHook();
      case "accounting-expire":
        return accounting.expireHook();
      case "observer-table":
        return this.observers.tableHook();
      case "witness":
        return witnessHook(session, probe);
    }
  }

  private refuse(probe: Probe): void {
    const reason = "this process has no Objective-C runtime";
    this.installer.skipped++;
    this.session.emit({ kind: "hook", at: now(), tid: null, probe: probe.probe, symbol: probe.symbol, status: "skipped", reason });
  }

  private tell(phase: "attached" | "ready"): void {
    const { process, identifier } = identity();
    this.session.emit({ kind: "process", at: now(), tid: null, phase, pid: Process.id, name: process, identifier, role: role(), reason: null });
  }
}
