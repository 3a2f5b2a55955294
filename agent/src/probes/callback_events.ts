// The event of a call that a framework makes to the app: a notification, what a person has picked, a wake.
import type { AppState } from "../app_state.js";
import type { CallScope } from "../call_scope.js";
import { now } from "../clock.js";
import { lookUp, pooled, text } from "../objc/values.js";
import type { Recording } from "../recording.js";
import { assetOf, detailReader } from "./argument_decoding.js";
import { isNotification, type OnCallback, selectorOf } from "./callbacks.js";
import type { Probe } from "./catalogue/types.js";
import { isSystemCall, originOfCall } from "./lifecycle.js";
import { notificationType, reference } from "./observers.js";
import type { PickedProviders } from "./picked_providers.js";

export function onCallback(recording: Recording, appState: AppState, picked: PickedProviders): OnCallback {
  return (probe: Probe, scope: CallScope, args: InvocationArguments): number | null => {
    const { tid, cause } = scope;
    if (isSystemCall(probe)) return originOfCall(appState, probe, tid, args);
    const at = scope.at ?? now();
    const stack = recording.stacks.here();
    if (isNotification(probe)) {
      const observer = reference(args[0]!) ?? { class: "", id: "", image: null };
      const type = notificationType(probe);
      // Only one of changes is given what has changed; the others are given the library.
      const change = type === "persistent-changes" || args[2]!.isNull() ? null : args[2]!.toString();
      scope.of = recording.emit({ kind: "notification", at, tid, observer, change, type, cause, stack });
      return scope.of;
    }
    if (selectorOf(probe) === "picker:didFinishPicking:") picked.markAll(args[3]!);
    const asset = selectorOf(probe) === "imagePickerController:didFinishPickingMediaWithInfo:" ? assetIn(recording, args[3]!) : null;
    const detail = detailReader(probe.decode)({} as InvocationContext, args);
    scope.of = recording.emit({ kind: "access", at, tid, depth: probe.depth!, symbol: probe.symbol, detail, asset, cause, caller: null, stack });
    return null;
  };
}

/** Return the asset that the system's dictionary names: it is there where the app may see the library. Source: UIImagePickerController.h. */
function assetIn(recording: Recording, info: NativePointer): string | null {
  return pooled(() => assetOf(recording, lookUp(info, text("UIImagePickerControllerPHAsset"))));
}
