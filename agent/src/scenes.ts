// The app's state where it has several windows: that of the one that is furthest in front. Pure.
import type { State } from "./protocol.js";

// Source: UIScene.h. Constants and their values are the same words.
export const SCENE_STATES: Readonly<Record<string, State | "gone">> = {
  UISceneDidActivateNotification: "active",
  UISceneWillDeactivateNotification: "inactive",
  UISceneWillEnterForegroundNotification: "inactive",
  UISceneDidEnterBackgroundNotification: "background",
  UISceneDidDisconnectNotification: "gone",
};

// Source: UIScene.h, UISceneActivationState; −1 is unattached.
const BY_NUMBER: readonly State[] = ["active", "inactive", "background"];
const FROM_THE_FRONT: readonly State[] = ["active", "inactive", "background"];

export class Scenes {
  private readonly states = new Map<string, State>();
  /** Until all scenes are known, one of them says nothing about the app. */
  known = false;

  /** Take in all scenes that are there. */
  begin(scenes: Iterable<readonly [scene: string, activationState: number]>): void {
    for (const [scene, number] of scenes) if (number >= 0) this.states.set(scene, BY_NUMBER[number] ?? "unknown");
    this.known = true;
  }

  /** One scene has changed: the app's state now, or null where that cannot be told. */
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
