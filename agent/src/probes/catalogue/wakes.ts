// What the system calls an app with: wakes, changes of its state, touches and keys. Handling them is an origin of acts.
// The word behind "wake." is the reason of the state event, that behind "lifecycle." the state itself.
// Source: UIApplication.h, UIScene.h, UIWindowScene.h, NSNotification.h, BackgroundTasks, PushKit, CoreLocation, UserNotifications.
import type { Reason, State } from "../../protocol.js";
import { type Options, type Probe, row } from "./types.js";

const called = (reason: Reason, more: string, symbol: string, since: string, options: Options = {}): Probe =>
  row(`wake.${reason}${more}`, symbol, null, { since, handle: "callback", ...options });
const listener = (name: string, symbol: string, since: string): Probe => row(`wake.${name}`, symbol, null, { since, handle: "delegate" });
const moved = (state: State | "gone", more: string, symbol: string, since: string): Probe =>
  row(`lifecycle.${state}.${more}`, symbol, null, { since, handle: "callback" });
const posted = (more: string, symbol: string): Probe => row(`lifecycle.posted${more}`, symbol, null, { since: "2.0", handle: "posted" });

export const wakes: readonly Probe[] = [
  listener("application-delegate", "-[UIApplication setDelegate:]", "2.0"),
  listener("scene-delegate", "-[UIScene setDelegate:]", "13"),
  listener("push-delegate", "-[PKPushRegistry setDelegate:]", "8"),
  listener("location-delegate", "-[CLLocationManager setDelegate:]", "2.0"),
  listener("notification-delegate", "-[UNUserNotificationCenter setDelegate:]", "10"),
  called("launch", "", "-[* application:didFinishLaunchingWithOptions:]", "3"),
  called("silent-push", "", "-[* application:didReceiveRemoteNotification:fetchCompletionHandler:]", "7"),
  called("background-task", ".fetch", "-[* application:performFetchWithCompletionHandler:]", "7", { deprecated: "13" }),
  called("background-url-session", "", "-[* application:handleEventsForBackgroundURLSession:completionHandler:]", "7"),
  called("url", "", "-[* application:openURL:options:]", "9"),
  called("url", ".scene", "-[* scene:openURLContexts:]", "13"),
  called("other", ".activity", "-[* application:continueUserActivity:restorationHandler:]", "8"),
  called("other", ".scene-activity", "-[* scene:continueUserActivity:]", "13"),
  called("other", ".shortcut", "-[* application:performActionForShortcutItem:completionHandler:]", "9"),
  called("other", ".scene-shortcut", "-[* windowScene:performActionForShortcutItem:completionHandler:]", "13"),
  called("other", ".scene-connected", "-[* scene:willConnectToSession:options:]", "13"),
  called("other", ".notification", "-[* userNotificationCenter:didReceiveNotificationResponse:withCompletionHandler:]", "10"),
  called("voip-push", "", "-[* pushRegistry:didReceiveIncomingPushWithPayload:forType:withCompletionHandler:]", "11"),
  called("voip-push", ".without-completion", "-[* pushRegistry:didReceiveIncomingPushWithPayload:forType:]", "8", { deprecated: "11" }),
  called("location", "", "-[* locationManager:didUpdateLocations:]", "6"),
  called("location", ".visit", "-[* locationManager:didVisit:]", "8"),
  called("location", ".entered", "-[* locationManager:didEnterRegion:]", "4"),
  called("location", ".left", "-[* locationManager:didExitRegion:]", "4"),
  row("wake.background-task", "-[BGTaskScheduler registerForTaskWithIdentifier:usingQueue:launchHandler:]", null, {
    since: "13",
    handle: "task",
    decode: { handlers: [{ at: 4 }] },
  }),
  moved("active", "application", "-[* applicationDidBecomeActive:]", "2.0"),
  moved("inactive", "application", "-[* applicationWillResignActive:]", "2.0"),
  moved("inactive", "application-returns", "-[* applicationWillEnterForeground:]", "4"),
  moved("background", "application", "-[* applicationDidEnterBackground:]", "4"),
  moved("active", "scene", "-[* sceneDidBecomeActive:]", "13"),
  moved("inactive", "scene", "-[* sceneWillResignActive:]", "13"),
  moved("inactive", "scene-returns", "-[* sceneWillEnterForeground:]", "13"),
  moved("background", "scene", "-[* sceneDidEnterBackground:]", "13"),
  moved("gone", "scene", "-[* sceneDidDisconnect:]", "13"),
  posted("", "-[NSNotificationCenter postNotificationName:object:]"),
  posted(".with-details", "-[NSNotificationCenter postNotificationName:object:userInfo:]"),
  posted(".as-object", "-[NSNotificationCenter postNotification:]"),
  row("input.event", "-[UIApplication sendEvent:]", null, { since: "2.0", handle: "input" }),
];
