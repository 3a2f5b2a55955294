// The agent as a whole: what start() installs and stop() removes.
import { AppState } from "./app_state.js";
import { forgetImages } from "./callers.js";
import { now } from "./clock.js";
import { identity, role } from "./identity.js";
import { isSystemImage } from "./images.js";
import { needExport, QUIET } from "./native.js";
import { imageTable } from "./native_hooks/app_images.js";
import { DrainTimer } from "./native_hooks/drain_timer.js";
import { type FastPath, fastPathProblem, openFastPath } from "./native_hooks/fast_path.js";
import { forgetFirstBytes, restoreFirstBytes } from "./native_hooks/first_bytes.js";
import { openReplacements } from "./native_hooks/replace.js";
import { NativeHook } from "./native_hooks/probe_selection.js";
import { Handoffs } from "./origins/handoff_hooks.js";
import { type NativeOrigins, openOrigins } from "./origins/origins.js";
import { ThreadOrigins } from "./origins/thread_origins.js";
import { TaskTracking } from "./origins/tasks.js";
import { prepareFloats } from "./objc/floats.js";
import { available } from "./objc/runtime.js";
import { pooled } from "./objc/values.js";
import { accessHook } from "./probes/access.js";
import { Accounting } from "./probes/accounting.js";
import { askHook, statusHook } from "./probes/authorization.js";
import { onCallback } from "./probes/callback_events.js";
import { Callbacks, delegateHook, isNotification, selectorOf, watchDelegate, watchListeners } from "./probes/callbacks.js";
import type { Probe } from "./probes/catalogue/index.js";
import { CompletionBlocks } from "./probes/completion_blocks.js";
import type { Hook, NativeHooked } from "./probes/hook.js";
import { Inputs } from "./probes/input.js";
import { Installer, isCallback, probesOf } from "./probes/install.js";
import { internalProbeHook } from "./probes/internal_probe.js";
import { isSystemCall, taskHook } from "./probes/lifecycle.js";
import { notificationType, Observers } from "./probes/observers.js";
import { PickedProviders } from "./probes/picked_providers.js";
import { PostedNotifications } from "./probes/posted.js";
import { Properties } from "./properties/properties.js";
import { type StartOptions, startOptions } from "./protocol.js";
import { Recording } from "./recording.js";
import { Usage } from "./usage.js";

const BEAT_MS = 1000;
const SETTLE_MS = 20;
const WAIT_US = 1000;
const MOST_WAITS = 1500;

const usleep = new NativeFunction(needExport("usleep"), "int", ["uint"], QUIET);

export class Agent {
  readonly recording = new Recording();
  private readonly completionBlocks = new CompletionBlocks(this.recording);
  private readonly appState = new AppState(this.recording);
  private readonly handoffs = new Handoffs(this.recording);
  private readonly picked = new PickedProviders(this.recording);
  private readonly callbacks = new Callbacks(this.recording, onCallback(this.recording, this.appState, this.picked), (probe) => this.nativeCallbackOf(probe));
  private readonly posted = new PostedNotifications(this.recording, this.appState);
  private readonly inputs = new Inputs(this.recording);
  private readonly usage = new Usage(this.recording);
  private readonly accounting = new Accounting(this.recording);
  private readonly installer = new Installer(this.recording, (probe) => this.hookOf(probe), (probe) => this.nativeHookOf(probe), (probe, place) => this.properties.watch(probe, place));
  private readonly timers: ReturnType<typeof setInterval>[] = [];
  private images: ModuleObserver | null = null;
  private settling = false;
  private readonly replacements = openReplacements();
  private origins: NativeOrigins | null = null;
  private tasks: TaskTracking | null = null;
  private fastPath: FastPath | null = null;
  private drainTimer: DrainTimer | null = null;
  private readonly nativeHooks: NativeHook[] = [];
  private observers!: Observers;
  private properties!: Properties;

  async start(asked: unknown): Promise<{ installed: number; skipped: number }> {
    const { recording } = this;
    // Its numbers would start again under the same name.
    if (recording.running || recording.outbox.next > 1) throw new Error("the agent has been started already");
    recording.options = startOptions(asked);
    recording.outbox.bound = recording.options.bound;
    this.chooseLane(recording.options);
    this.properties = new Properties(recording, this.fastPath?.counter ?? null);
    recording.outbox.onDrop = (from, to) => {
      if (recording.running && recording.announcedHooks(from, to)) return this.repeatAll();
      recording.stacks.forget();
      this.appState.repeat();
    };
    this.appState.onEvent = () => this.usage.soon();
    this.emitProcess("attached");
    recording.outbox.flush();
    this.timers.push(setInterval(() => this.beat(), BEAT_MS));
    if (available) await this.watch();
    else for (const probe of probesOf(recording.set)) this.refuse(probe);
    if (recording.over) throw new Error("the agent was stopped while it started");
    this.emitProcess("ready");
    recording.outbox.flush();
    const { installed, skipped } = this.installer;
    return { installed, skipped };
  }

  /** Send again what is installed, which objects observe and the current state, for a host that may not have it. */
  repeatAll(): void {
    this.recording.repeatHooks();
    // Without the observers, the host would take the next query for the first use of the library.
    if (available && this.recording.set === "app") pooled(() => this.observers.find());
    this.recording.stacks.forget();
    this.appState.repeat();
  }

  /** Remove the hooks. No event says so: `detached` follows, and installed hooks have watched until then. */
  stop(): number {
    const { recording } = this;
    this.timers.splice(0).forEach(clearInterval);
    this.images?.detach();
    this.images = null;
    if (recording.running) {
      this.handoffs.beat();
      recording.running = false;
      this.fastPath?.run(false);
      this.settleCalls();
      restoreFirstBytes(() => this.replacements.close());
      this.posted.stop();
      this.installer.stop();
      this.callbacks.stop();
      this.picked.stop();
      this.inputs.stop();
      this.handoffs.stop();
      this.tasks?.stop();
      this.completionBlocks.stop();
      this.fastPath?.requests.stop();
      this.appState.stop();
      Interceptor.flush();
      this.replacements.leave();
      this.properties.stop();
      pooled(() => this.handoffs.clear());
      this.tasks?.clear();
      this.drainTimer?.stop();
      recording.nesting.clear();
      recording.origins.clear();
    }
    const next = recording.outbox.leaveRing();
    recording.over = next > 1;
    return next;
  }

  private async watch(): Promise<void> {
    const { recording, installer } = this;
    prepareFloats();
    this.fastPath?.requests.prepare();
    recording.stacks.prepare();
    const probes = probesOf(recording.set);
    const callback = (selector: string): Probe => probes.find((probe) => isCallback(probe) && probe.symbol.includes(selector))!;
    this.observers = new Observers(recording, this.callbacks, {
      change: callback("photoLibraryDidChange:"),
      availability: callback("photoLibraryDidBecomeUnavailable:"),
      "persistent-changes": callback("photoLibraryPersistentChangesDidUpdate:"),
    });
    recording.running = true;
    this.fastPath?.run(true);
    this.appState.begin();
    pooled(() => {
      installer.install(probes);
      Interceptor.flush();
      if (recording.set === "app") {
        this.handoffs.start(this.origins);
        this.callbacks.start();
        this.tasks = new TaskTracking(recording, this.origins);
        this.observers.find();
        watchListeners(this.callbacks, probes.filter((probe) => isCallback(probe) && isSystemCall(probe)));
      }
    });
    this.images = Process.attachModuleObserver({
      onAdded: (module) => {
        // At once: code of a new image may make tasks, and hand on work of its own, as soon as it is loaded.
        this.tasks?.look(module);
        if (this.images !== null && !isSystemImage(module.path)) {
          forgetImages();
          this.refreshImages();
        }
        this.settle();
      },
      onRemoved: (module) => {
        forgetFirstBytes(module);
        this.settle();
      },
    });
    this.appState.onApplication = (application, delegate) => this.watchApplication(application, delegate);
    await this.appState.start();
  }

  private watchApplication(application: NativePointer, delegate: NativePointer): void {
    const probes = probesOf(this.recording.set);
    watchDelegate(delegate, this.callbacks, probes.filter(isCallback));
    const input = probes.find(({ handle }) => handle === "input");
    if (input !== undefined) this.inputs.watchApplication(application, input, this.fastPath?.input);
  }

  /** Images were loaded or unloaded: once that has settled, try again what was missing. */
  private settle(): void {
    if (this.settling) return;
    this.settling = true;
    setTimeout(() => {
      this.settling = false;
      forgetImages();
      this.refreshImages();
      if (!this.recording.running) return;
      this.posted.refresh();
      pooled(() => this.installer.retry());
      this.callbacks.refresh(); // an image may bring a category
      Interceptor.flush();
    }, SETTLE_MS);
  }

  /** Decide which lane the frequent calls take. */
  private chooseLane({ lane, internal, spool }: StartOptions): void {
    const { recording } = this;
    this.origins = available ? openOrigins() : null;
    recording.origins = this.origins ?? new ThreadOrigins();
    this.fastPath = lane === "js" || !available ? null : openFastPath(recording.stacks.prepare(), this.origins);
    this.refreshImages();
    if (this.fastPath === null) {
      if (lane === "c" && available) throw new Error(`lane c is not possible in this process: ${fastPathProblem()}`);
      return;
    }
    const problem = this.fastPath.begin(internal, spool);
    if (problem !== null) recording.fault("no ring on the disk", problem);
    this.fastPath.requests.begin(recording);
    this.fastPath.counter?.begin(Math.floor(Math.random() * 2 ** 32));
    this.fastPath.accountingCache.source = this.accounting;
    this.accounting.cache = this.fastPath.accountingCache;
    this.fastPath.onStack = (id) => recording.stacks.use(id);
    recording.stacks.onForget = () => this.fastPath?.forgetStacks();
    recording.nesting = this.fastPath.nesting;
    recording.outbox.ring = this.fastPath;
    recording.lane = "c";
    this.drainTimer = new DrainTimer(this.fastPath, recording.outbox);
  }

  private refreshImages(): void {
    if (this.origins === null) return;
    const table = imageTable();
    this.origins.refreshImages(table);
    this.fastPath?.refreshImages(table);
  }

  private nativeCallbackOf(probe: Probe): NativeHooked | null {
    return this.fastPath === null || !isNotification(probe) ? null : this.fastPath.callbackHook(selectorOf(probe), notificationType(probe));
  }

  private nativeHookOf(probe: Probe): NativeHooked | null {
    if (probe.handle === "posted") return this.posted.hook(probe);
    if (probe.handle === "input") return this.fastPath?.input ?? null;
    const hook = this.fastPath === null ? null : NativeHook.of(probe, this.recording.set);
    if (this.fastPath === null || hook === null) return null;
    this.nativeHooks.push(hook);
    return { callbacks: { onEnter: this.fastPath.enter as never, onLeave: this.fastPath.leave as never }, data: hook.memory };
  }

  /** Wait until no call is inside a hook: code that a thread returns to must not be removed before. */
  private settleCalls(): void {
    const { nesting } = this.recording;
    for (let waits = 0; (nesting.calls > 0 || this.fastPath?.busy === true) && waits !== MOST_WAITS; waits++) usleep(WAIT_US);
  }

  private beat(): void {
    if (this.recording.running) {
      this.callbacks.refresh();
      this.handoffs.beat();
      this.appState.hearAnswer();
      this.usage.beat();
      this.properties.beat();
    }
    this.recording.outbox.flush();
    this.recording.outbox.beat();
  }

  private hookOf(probe: Probe): Hook {
    const { recording, completionBlocks, accounting } = this;
    switch (probe.handle) {
      case "access":
      case "callback":
        return accessHook(recording, completionBlocks, probe);
      case "observer":
        return this.observers.hook(probe, "registered");
      case "observer-gone":
        return this.observers.hook(probe, "unregistered");
      case "status":
        return statusHook(recording, probe);
      case "ask":
        return askHook(recording, completionBlocks, probe);
      case "delegate":
        return this.delegateHook(probe);
      case "picker-load":
      case "picker-result":
      case "picker-copy":
        return this.picked.hook(probe, completionBlocks);
      case "input":
        return this.inputs.hook();
      case "property":
        return this.properties.hook(probe);
      case "posted":
        throw new Error("it shares its code with another method, which a hook in C cannot tell from it");
      case "task":
        return taskHook(recording, completionBlocks, this.appState, probe);
      case "accounting-send":
        return accounting.sendHook();
      case "accounting-begin":
        return accounting.beginHook();
      case "accounting-coalesce":
        return accounting.coalesceHook();
      case "accounting-expire":
        return accounting.expireHook();
      case "observer-table":
        return this.observers.tableHook(probe);
      case "internal":
        return internalProbeHook(recording, probe);
    }
  }

  private delegateHook(probe: Probe): Hook {
    const hook = delegateHook(this.callbacks, probesOf(this.recording.set).filter(isCallback));
    if (probe.symbol !== "-[UIApplication setDelegate:]") return hook;
    // The first that is seen of an application that the launch makes.
    return { enter: (_context, args) => this.watchApplication(args[0]!, args[2]!) };
  }

  private refuse(probe: Probe): void {
    const reason = "this process has no Objective-C runtime";
    this.installer.skipped++;
    this.recording.emit({ kind: "hook", at: now(), tid: null, probe: probe.probe, symbol: probe.symbol, status: "skipped", reason });
  }

  private emitProcess(phase: "attached" | "ready"): void {
    const { process, identifier } = identity();
    this.recording.emit({ kind: "process", at: now(), tid: null, phase, pid: Process.id, name: process, identifier, role: role(), reason: null });
  }
}
