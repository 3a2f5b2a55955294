// Why an app runs in the background: what the system calls it with. The word behind "wake." is the reason of the state event.
// Source: UIApplication.h, BackgroundTasks, PushKit, CoreLocation.
import { type Options, type Probe, row } from "./types.js";

const called = (reason: string, symbol: string, since: string, options: Options = {}): Probe =>
  row(`wake.${reason}`, symbol, null, { since, handle: "callback", ...options });
const listener = (name: string, symbol: string, since: string): Probe => row(`wake.${name}`, symbol, null, { since, handle: "delegate" });

export const wakes: readonly Probe[] = [
  listener("application-delegate", "-[UIApplication setDelegate:]", "2.0"),
  listener("push-delegate", "-[PKPushRegistry setDelegate:]", "8"),
  listener("location-delegate", "-[CLLocationManager setDelegate:]", "2.0"),
  called("launch", "-[* application:didFinishLaunchingWithOptions:]", "3"),
  called("remote-notification", "-[* application:didReceiveRemoteNotification:fetchCompletionHandler:]", "7"),
  called("background-fetch", "-[* application:performFetchWithCompletionHandler:]", "7", { deprecated: "13" }),
  called("background-url-session", "-[* application:handleEventsForBackgroundURLSession:completionHandler:]", "7"),
  called("pushkit", "-[* pushRegistry:didReceiveIncomingPushWithPayload:forType:withCompletionHandler:]", "11"),
  called("pushkit.without-completion", "-[* pushRegistry:didReceiveIncomingPushWithPayload:forType:]", "8", { deprecated: "11" }),
  called("location", "-[* locationManager:didUpdateLocations:]", "6"),
  called("location.visit", "-[* locationManager:didVisit:]", "8"),
  called("location.entered", "-[* locationManager:didEnterRegion:]", "4"),
  called("location.left", "-[* locationManager:didExitRegion:]", "4"),
  row("wake.background-task", "-[BGTaskScheduler registerForTaskWithIdentifier:usingQueue:launchHandler:]", null, {
    since: "13",
    handle: "task",
    decode: { handlers: [{ at: 4 }] },
  }),
];
