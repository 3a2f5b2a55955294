// The windows of an app, and which state of the app follows from theirs.
import { ask, askCount, askInt } from "./objc/messages.js";
import { findMethod } from "./objc/methods.js";
import { classOf, lookUpClass } from "./objc/runtime.js";
import type { State } from "./protocol.js";

// Source: UIApplication.h, UIApplicationState; UIScene.h, UISceneActivationState, where −1 is unattached.
export const BY_NUMBER: readonly State[] = ["active", "inactive", "background"];
// Source: UIScene.h. Constants and their values are the same words.
export const SCENE_STATES: Readonly<Record<string, State | "gone">> = {
  UISceneDidActivateNotification: "active",
  UISceneWillDeactivateNotification: "inactive",
  UISceneWillEnterForegroundNotification: "inactive",
  UISceneDidEnterBackgroundNotification: "background",
  UISceneDidDisconnectNotification: "gone",
};

const FROM_THE_FRONT: readonly State[] = ["active", "inactive", "background"];

interface Scene {
  state: State | "gone";
  /** The event of the scene's last change; null where the app's state did not change with it. */
  origin: number | null;
}

/** The state of an app with several windows: that of the one furthest in front. */
export class Scenes {
  private readonly scenes = new Map<string, Scene>();
  private known = false;

  /** Note a scene's change; returns it, and null where it was noted already: its delegate and its notification say the same. */
  change(scene: string, state: State | "gone"): Scene | null {
    if (!this.known) this.read(scene);
    const before = this.scenes.get(scene);
    if (before?.state === state) return null;
    const now: Scene = { state, origin: null };
    this.scenes.set(scene, now);
    return now;
  }

  originOf(scene: string): number | null {
    return this.scenes.get(scene)?.origin ?? null;
  }

  /** The app's state; null where not all scenes are known. */
  get state(): State | null {
    if (!this.known) return null;
    const all = [...this.scenes.values()].map(({ state }) => state);
    return FROM_THE_FRONT.find((one) => all.includes(one)) ?? null;
  }

  /** Read all scenes that exist, here on the main thread, except the one that changes. */
  private read(changing: string): void {
    const cls = lookUpClass("UIApplication");
    const application = cls === null ? NULL : ask(cls, "sharedApplication");
    if (application.isNull() || findMethod(classOf(application), "connectedScenes") === null) return;
    this.known = true;
    for (const [scene, number] of scenesOf(application)) {
      if (number >= 0 && scene !== changing) this.scenes.set(scene, { state: BY_NUMBER[number] ?? "unknown", origin: null });
    }
  }
}

/** Return the scenes that are connected now, and their states. Source: UIApplication.h (iOS 13). */
function scenesOf(application: NativePointer): [string, number][] {
  const all = ask(ask(application, "connectedScenes"), "allObjects");
  return Array.from({ length: Number(askCount(all, "count")) }, (_, i) => {
    const scene = ask(all, "objectAtIndex:", ptr(i));
    return [scene.toString(), Number(askInt(scene, "activationState"))];
  });
}
