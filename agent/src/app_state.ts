// The app's state, from the notifications that UIKit posts. UIKit itself is read on the main thread only: the state once,
// at the attach, and the scenes in the first notification of one.
import { now } from "./clock.js";
import { makeBlock } from "./objc/blocks.js";
import { MainThreadQuery } from "./objc/main_thread.js";
import { ask, askCount, askInt, perform } from "./objc/messages.js";
import { classOf, findMethod, lookUpClass, readIvar } from "./objc/runtime.js";
import { pooled, text } from "./objc/values.js";
import type { State } from "./protocol.js";
import type { Recording } from "./recording.js";

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

// Source: UIApplication.h, UIApplicationState; UIScene.h, UISceneActivationState, where −1 is unattached.
const BY_NUMBER: readonly State[] = ["active", "inactive", "background"];
// Source: UIScene.h. Constants and their values are the same words.
const SCENE_STATES: Readonly<Record<string, State | "gone">> = {
  UISceneDidActivateNotification: "active",
  UISceneWillDeactivateNotification: "inactive",
  UISceneWillEnterForegroundNotification: "inactive",
  UISceneDidEnterBackgroundNotification: "background",
  UISceneDidDisconnectNotification: "gone",
};

const FROM_THE_FRONT: readonly State[] = ["active", "inactive", "background"];

const WAIT_MS = 5;
const MOST_WAITS = 50;

/** The state of an app with several windows: that of the one furthest in front. */
class Scenes {
  private readonly states = new Map<string, State>();
  /** Until all scenes are known, one of them says nothing about the app. */
  known = false;

  /** Set all scenes that exist. */
  begin(scenes: Iterable<readonly [scene: string, activationState: number]>): void {
    for (const [scene, number] of scenes) if (number >= 0) this.states.set(scene, BY_NUMBER[number] ?? "unknown");
    this.known = true;
  }

  /** Note that a scene has changed; returns the app's state now, or null where it is not known. */
  change(scene: string, notification: string): State | null {
    const state = SCENE_STATES[notification];
    if (state === undefined) return null;
    if (state === "gone") this.states.delete(scene);
    else this.states.set(scene, state);
    if (!this.known) return null;
    const all = [...this.states.values()];
    return FROM_THE_FRONT.find((one) => all.includes(one)) ?? null;
  }
}

export class AppState {
  private state: State = "unknown";
  private announced = false;
  private readonly scenes = new Scenes();
  private query: MainThreadQuery | null = null;
  private readonly tokens: NativePointer[] = [];
  private readonly blocks: unknown[] = [];

  constructor(private readonly recording: Recording) {}

  /** Subscribe, and emit the state: unknown until the main thread answers, where it does not in time. */
  async start(): Promise<void> {
    this.subscribe();
    pooled(() => this.findDelegate());
    this.ask();
    for (let waits = 0; this.query !== null && waits !== MOST_WAITS; waits++) {
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      this.hearAnswer();
    }
    if (!this.announced) this.emit(null);
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

  /** Emit the current state with the reason for which the system runs the app. */
  wake(tid: number, reason: string): void {
    this.recording.emit({ kind: "state", at: now(), tid, value: this.state, reason });
  }

  /** Called with the delegate that the app has at the attach. */
  onDelegate: (delegate: NativePointer) => void = () => undefined;

  /** Emit the current state again: after lost events the host cannot know it otherwise. */
  repeat(reason: string): void {
    this.emit(reason);
  }

  private emit(reason: string | null): void {
    this.announced = true;
    this.recording.emit({ kind: "state", at: now(), tid: null, value: this.state, reason });
  }

  private change(state: State): void {
    if (!this.recording.running || (this.announced && state === this.state)) return;
    this.state = state;
    this.emit(null);
  }

  private subscribe(): void {
    pooled(() => {
      const center = ask(lookUpClass("NSNotificationCenter")!, "defaultCenter");
      for (const [name, state] of Object.entries(STATES)) this.hear(center, name, () => state);
      for (const name of Object.keys(SCENE_STATES)) this.hear(center, name, (scene) => this.moved(scene, name));
    });
  }

  /** A scene has changed. The first time all scenes are read, here on the main thread. */
  private moved(scene: string, name: string): State | null {
    const cls = lookUpClass("UIApplication");
    const application = cls === null ? NULL : ask(cls, "sharedApplication");
    if (!this.scenes.known && !application.isNull() && findMethod(classOf(application), "connectedScenes") !== null) {
      this.scenes.begin(scenesOf(application));
    }
    return this.scenes.change(scene, name);
  }

  private hear(center: NativePointer, name: string, stateOf: (object: string) => State | null): void {
    const handler = makeBlock((notification) => {
      try {
        const state = stateOf(ask(notification, "object").toString());
        if (state !== null) this.change(state);
      } catch (problem) {
        this.recording.fault(name, problem);
      }
    });
    this.blocks.push(handler);
    const token = ask(center, "addObserverForName:object:queue:usingBlock:", text(name), NULL, NULL, handler.block);
    this.tokens.push(ask(token, "retain"));
  }

  /** Read the delegate from its ivar: the main thread may be busy with the launch itself. */
  private findDelegate(): void {
    const cls = lookUpClass("UIApplication");
    const application = cls === null ? NULL : ask(cls, "sharedApplication");
    const delegate = application.isNull() ? null : readIvar(application, classOf(application), "_delegate");
    if (delegate !== null && !delegate.isNull()) this.onDelegate(delegate);
  }

  private ask(): void {
    const cls = lookUpClass("UIApplication");
    const application = cls === null ? NULL : ask(cls, "sharedApplication");
    if (!application.isNull()) this.query = new MainThreadQuery(application, "applicationState");
  }

  /** Check whether the main thread has answered the query; where it is busy with a launch, that can be later. */
  hearAnswer(): void {
    const answer = this.query?.answer() ?? null;
    if (answer === null) return;
    this.letGo();
    const state = BY_NUMBER[answer];
    // A notification since then is newer than the answer.
    if (state !== undefined && (this.state === "unknown" || !this.announced)) this.change(state);
  }

  private letGo(): void {
    this.query?.letGo();
    this.query = null;
  }
}

/** Return the scenes that are connected now, and their states. On the main thread. Source: UIApplication.h (iOS 13). */
function scenesOf(application: NativePointer): [string, number][] {
  const all = ask(ask(application, "connectedScenes"), "allObjects");
  return Array.from({ length: Number(askCount(all, "count")) }, (_, i) => {
    const scene = ask(all, "objectAtIndex:", ptr(i));
    return [scene.toString(), Number(askInt(scene, "activationState"))];
  });
}
