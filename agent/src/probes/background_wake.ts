// The system runs the app for a reason: a state event names it, with the current state.
import type { AppState } from "../app_state.js";
import { begin, type CallScope, end } from "../call_scope.js";
import { findExport } from "../native.js";
import type { OwnBlock } from "../objc/blocks.js";
import { lookUp } from "../objc/values.js";
import type { Recording } from "../recording.js";
import type { Probe } from "./catalogue/types.js";
import { type CompletionBlocks, letAllGo } from "./completion_blocks.js";
import type { Hook } from "./hook.js";

export const isWake = (probe: Probe): boolean => probe.probe.startsWith("wake.");

// Source: UIApplication.h. The option that a launch has says what it was for.
const LAUNCHES: Readonly<Record<string, string>> = {
  UIApplicationLaunchOptionsLocationKey: "launch for location",
  UIApplicationLaunchOptionsRemoteNotificationKey: "launch for remote-notification",
  UIApplicationLaunchOptionsBluetoothCentralsKey: "launch for bluetooth",
  UIApplicationLaunchOptionsBluetoothPeripheralsKey: "launch for bluetooth",
  UIApplicationLaunchOptionsURLKey: "launch for a url",
  UIApplicationLaunchOptionsShortcutItemKey: "launch for a shortcut",
};

/** Emit the reason for which the app was called. */
export function emitWake(appState: AppState, probe: Probe, tid: number, args: InvocationArguments): void {
  const reason = probe.probe.split(".")[1]!;
  appState.wake(tid, reason === "launch" ? launchReason(args[3]!) : reason);
}

function launchReason(options: NativePointer): string {
  for (const [name, reason] of Object.entries(LAUNCHES)) {
    const key = findExport(name)?.readPointer() ?? null;
    if (!lookUp(options, key).isNull()) return reason;
  }
  return "launch";
}

/** A background task is registered: each run of its handler is a reason. */
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
