// The system calls the app: for a wake, at a change of its state, when a task is due. Each is one state event, and the
// origin of what the app does in it.
import type { AppState } from "../app_state.js";
import { begin, type CallScope, end } from "../call_scope.js";
import { findExport } from "../native.js";
import type { OwnBlock } from "../objc/blocks.js";
import { ask, askCount } from "../objc/messages.js";
import { findMethod } from "../objc/methods.js";
import { classOf } from "../objc/runtime.js";
import { isA, lookUp, toText } from "../objc/values.js";
import type { Reason, State } from "../protocol.js";
import type { Recording } from "../recording.js";
import { selectorOf } from "./callbacks.js";
import type { Probe } from "./catalogue/types.js";
import { type CompletionBlocks, letAllGo } from "./completion_blocks.js";
import type { Hook } from "./hook.js";

const isLifecycle = (probe: Probe): boolean => probe.probe.startsWith("lifecycle.");
/** Whether a callback is one by which the system wakes the app or says that its state changes. */
export const isSystemCall = (probe: Probe): boolean => probe.probe.startsWith("wake.") || isLifecycle(probe);

// Source: UIApplication.h. The option that a launch has says what it was for.
const LAUNCHES: Readonly<Record<string, Reason>> = {
  UIApplicationLaunchOptionsLocationKey: "location",
  UIApplicationLaunchOptionsRemoteNotificationKey: "silent-push",
  UIApplicationLaunchOptionsBluetoothCentralsKey: "other",
  UIApplicationLaunchOptionsBluetoothPeripheralsKey: "other",
  UIApplicationLaunchOptionsURLKey: "url",
  UIApplicationLaunchOptionsShortcutItemKey: "other",
};

// Source: UIScene.h. What a scene's delegate is called with, and the notification that says the same.
const SCENE_CALLS: Readonly<Record<string, string>> = {
  "sceneDidBecomeActive:": "UISceneDidActivateNotification",
  "sceneWillResignActive:": "UISceneWillDeactivateNotification",
  "sceneWillEnterForeground:": "UISceneWillEnterForegroundNotification",
  "sceneDidEnterBackground:": "UISceneDidEnterBackgroundNotification",
  "sceneDidDisconnect:": "UISceneDidDisconnectNotification",
};

/** Return the origin of what the app does in a call by the system; null where that is not one. */
export function originOfCall(appState: AppState, probe: Probe, tid: number, args: InvocationArguments): number | null {
  const selector = selectorOf(probe);
  const [, word] = probe.probe.split(".");
  if (isLifecycle(probe)) {
    const notification = SCENE_CALLS[selector];
    return notification === undefined ? appState.change(word as State, tid) : appState.sceneChange(args[2]!.toString(), notification, tid);
  }
  if (word === "launch") return appState.launch(tid, launchReason(args[3]!));
  if (selector === "scene:willConnectToSession:options:") return appState.connect(tid, connectReason(args[4]!));
  if (selector.includes("continueUserActivity:")) return appState.wake(tid, activityReason(args[3]!));
  return appState.wake(tid, word as Reason);
}

/** Return what a launch is for, from its options. */
export function launchReason(options: NativePointer): Reason {
  for (const [name, reason] of Object.entries(LAUNCHES)) {
    const key = findExport(name)?.readPointer() ?? null;
    if (!lookUp(options, key).isNull()) return reason;
  }
  return "launch";
}

/** Return what a window is connected for; null where it is only shown. Source: UISceneOptions.h. */
function connectReason(options: NativePointer): Reason | null {
  if (!isA(options, "UISceneConnectionOptions")) return null;
  const cls = classOf(options);
  const has = (name: string): boolean => findMethod(cls, name) !== null;
  const some = (name: string): boolean => has(name) && !ask(options, name).isNull() && Number(askCount(ask(options, name), "count")) > 0;
  if (some("URLContexts")) return "url";
  if (some("userActivities")) return activityReason(ask(ask(options, "userActivities"), "anyObject"));
  const other = ["notificationResponse", "shortcutItem"].some((name) => has(name) && !ask(options, name).isNull());
  return other ? "other" : null;
}

/** A link of the web that the app opens is an address; Handoff and search are not. Source: NSUserActivity.h. */
function activityReason(activity: NativePointer): Reason {
  const web = isA(activity, "NSUserActivity") && toText(ask(activity, "activityType")) === "NSUserActivityTypeBrowsingWeb";
  return web ? "url" : "other";
}

/** A background task is registered: each run of its handler is a wake. */
export function taskHook(recording: Recording, completionBlocks: CompletionBlocks, appState: AppState, probe: Probe): Hook {
  const { at } = probe.decode.handlers![0]!;
  return {
    enter(context, args) {
      context["scope"] = begin(recording, context);
      context["blocks"] = completionBlocks.follow(args, at, (tid) => appState.wake(tid, "background-task"));
    },
    leave(context) {
      const scope = context["scope"] as CallScope | undefined;
      if (scope !== undefined) end(recording, scope);
      letAllGo(context["blocks"] as OwnBlock[] | undefined);
    },
  };
}
