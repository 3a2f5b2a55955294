// The app's state and what the system runs it for: one event for each change and each wake, which is the origin of all that
// handles it. UIKit itself is read on the main thread only: the state once, and the scenes at the first change of one.
import { now } from "./clock.js";
import { role } from "./identity.js";
import { makeBlock } from "./objc/blocks.js";
import { MainThreadQuery } from "./objc/main_thread.js";
import { ask, perform } from "./objc/messages.js";
import { classOf, lookUpClass, readIvar } from "./objc/runtime.js";
import { pooled, text } from "./objc/values.js";
import type { Reason, State } from "./protocol.js";
import type { Recording } from "./recording.js";
import { BY_NUMBER, SCENE_STATES, Scenes } from "./scenes.js";

// Source: UIApplication.h, NSExtensionContext.h. Constants and their values are the same words.
const STATES: Readonly<Record<string, State>> = {
  UIApplicationDidBecomeActiveNotification: "active",
  UIApplicationWillResignActiveNotification: "inactive",
  UIApplicationWillEnterForegroundNotification: "inactive",
  UIApplicationDidEnterBackgroundNotification: "background",
  NSExtensionHostDidBecomeActiveNotification: "active",
  NSExtensionHostWillResignActiveNotification: "inactive",
  NSExtensionHostWillEnterForegroundNotification: "inactive",
  NSExtensionHostDidEnterBackgroundNotification: "background",
};
export const LAUNCHED = "UIApplicationDidFinishLaunchingNotification";

/** The notifications of UIKit whose handling is an origin. */
export const LIFECYCLE_NOTIFICATIONS: readonly string[] = [...Object.keys(STATES), ...Object.keys(SCENE_STATES), LAUNCHED];

const WAIT_MS = 1;
const MOST_WAITS = 250;

/** A change reaches the app and its window one after the other, in one turn of the main thread. */
const ONE_CHANGE_S = 1;
/** Places can come every second for hours: that is one wake, said again now and then. */
const ONE_STREAM_S = 10;
/** iOS ends an app that takes longer to launch. */
const ONE_LAUNCH_S = 20;

export class AppState {
  /** Called after every event. */
  onEvent: () => void = () => undefined;
  /** Called with the app, as soon as there is one. */
  onApplication: (application: NativePointer, delegate: NativePointer) => void = () => undefined;

  private state: State = "unknown";
  private announced = false;
  /** The event of the last change; null where the state was only read. */
  private changed: { origin: number; at_s: number } | null = null;
  private launched: { origin: number; reason: Reason; due: boolean; at_s: number } | null = null;
  private place: { origin: number; at_s: number } | null = null;
  private readonly scenes = new Scenes();
  private query: MainThreadQuery | null = null;
  private readonly tokens: NativePointer[] = [];
  private readonly blocks: unknown[] = [];

  constructor(private readonly recording: Recording) {}

  /** Subscribe, and ask for the state: the main thread answers while hooks are installed. */
  begin(): void {
    this.subscribe();
    this.ask();
  }

  /** Emit the state: unknown until the main thread answers, where it does not in time. */
  async start(): Promise<void> {
    const there = pooled(() => this.findApplication());
    // UIKit makes the application before it calls anything of the app's: without one, the launch is in progress.
    if (!there && role() === "app") this.launch(null, "launch");
    this.ask();
    this.hearAnswer();
    for (let waits = 0; this.query !== null && waits !== MOST_WAITS; waits++) {
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      this.hearAnswer();
    }
    if (!this.announced) this.emit(null, null, { changed: false });
  }

  stop(): void {
    this.letGo();
    if (this.tokens.length === 0) return;
    pooled(() => {
      const center = ask(lookUpClass("NSNotificationCenter")!, "defaultCenter");
      for (const token of this.tokens.splice(0)) {
        perform(center, "removeObserver:", token);
        perform(token, "release");
      }
    });
  }

  /** The app launches; returns the origin. `reason`: what for, where the launch says it. */
  launch(tid: number | null, reason: Reason): number {
    if (this.launched === null || (reason !== "launch" && this.launched.reason === "launch")) {
      this.launched = { origin: this.emit(tid, reason), reason, due: reason !== "launch", at_s: now()[2] };
      // Who was there before the application could not ask it for its state.
      if (this.state === "unknown") this.ask();
    }
    return this.launched.origin;
  }

  /** A window is connected; returns the origin. `reason`: what for; null where that is not said. */
  connect(tid: number, reason: Reason | null): number {
    const { launched } = this;
    const launching = launched !== null && this.changed === null && this.state !== "background" && now()[2] - launched.at_s <= ONE_LAUNCH_S;
    if (reason === null && launching) return launched.origin;
    return this.wake(tid, reason ?? "other")!;
  }

  /** The system calls the app for a reason; returns the origin, or null where that is no wake. */
  wake(tid: number, reason: Reason): number | null {
    const { launched } = this;
    if (launched?.due && launched.reason === reason) {
      // What the app was launched for is delivered to it afterwards: one wake.
      launched.due = false;
      return launched.origin;
    }
    if (reason === "location") return this.located(tid);
    return this.emit(tid, reason);
  }

  /** The app's state changes; returns the origin, the same for all notifications of one change. */
  change(state: State, tid: number | null): number | null {
    if (!this.recording.running) return null;
    if (this.announced && state === this.state) return this.changed?.origin ?? null;
    this.state = state;
    if (state === "active" && this.launched !== null) this.launched.due = false;
    const origin = this.emit(tid, null);
    this.changed = { origin, at_s: now()[2] };
    return origin;
  }

  /** A window changes its state; returns the origin, or null where nothing changed for the app. */
  sceneChange(scene: string, notification: string, tid: number | null): number | null {
    const change = this.scenes.change(scene, SCENE_STATES[notification]!);
    if (change === null) return this.scenes.originOf(scene);
    const state = this.scenes.state;
    if (state === null) return null;
    const just = this.changed !== null && now()[2] - this.changed.at_s <= ONE_CHANGE_S;
    change.origin = state !== this.state || !this.announced || just ? this.change(state, tid) : null;
    return change.origin;
  }

  /** A notification of UIKit is being posted; returns the origin of what its observers do, or null. */
  posted(name: string, object: string, tid: number | null): number | null {
    const state = STATES[name];
    return state === undefined ? this.sceneChange(object, name, tid) : this.change(state, tid);
  }

  /** Emit the current state again: after lost events the host cannot know it otherwise. */
  repeat(): void {
    this.emit(null, null, { changed: false });
  }

  private located(tid: number): number | null {
    // In front of a person the app runs anyway.
    if (this.state === "active" || this.state === "inactive") return null;
    const at_s = now()[2];
    if (this.place === null || at_s - this.place.at_s > ONE_STREAM_S) this.place = { origin: this.emit(tid, "location"), at_s };
    return this.place.origin;
  }

  private emit(tid: number | null, reason: Reason | null, more: { changed?: false } = {}): number {
    this.announced = true;
    const number = this.recording.emit({ kind: "state", at: now(), tid, value: this.state, reason, ...more });
    this.onEvent();
    return number;
  }

  /** Who cannot be hooked is heard: these observers of ours may come after the app's. */
  private subscribe(): void {
    pooled(() => {
      const center = ask(lookUpClass("NSNotificationCenter")!, "defaultCenter");
      for (const name of LIFECYCLE_NOTIFICATIONS) if (name !== LAUNCHED) this.hear(center, name);
    });
  }

  private hear(center: NativePointer, name: string): void {
    const handler = makeBlock((notification) => {
      try {
        this.posted(name, ask(notification, "object").toString(), null);
      } catch (problem) {
        this.recording.fault(name, problem);
      }
    });
    this.blocks.push(handler);
    const token = ask(center, "addObserverForName:object:queue:usingBlock:", text(name), NULL, NULL, handler.block);
    this.tokens.push(ask(token, "retain"));
  }

  /** Find the app and its delegate, from the ivar: the main thread may be busy with the launch itself. Returns whether there is one. */
  private findApplication(): boolean {
    const application = sharedApplication();
    if (application.isNull()) return false;
    this.onApplication(application, readIvar(application, classOf(application), "_delegate") ?? NULL);
    return true;
  }

  private ask(): void {
    const application = sharedApplication();
    if (this.query === null && !application.isNull()) this.query = new MainThreadQuery(application, "applicationState");
  }

  /** Check whether the main thread has answered the query; where it is busy with a launch, that can be later. */
  hearAnswer(): void {
    const answer = this.query?.answer() ?? null;
    if (answer === null) return;
    this.letGo();
    const state = BY_NUMBER[answer];
    // A notification since then is newer than the answer.
    if (state === undefined || !this.recording.running || this.state !== "unknown") return;
    this.state = state;
    this.emit(null, null, { changed: false });
  }

  private letGo(): void {
    this.query?.letGo();
    this.query = null;
  }
}

function sharedApplication(): NativePointer {
  const cls = lookUpClass("UIApplication");
  return cls === null ? NULL : ask(cls, "sharedApplication");
}
