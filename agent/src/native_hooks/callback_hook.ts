// What C gets for the callback of an observer.
import { sharedWords } from "../native.js";
import { selector } from "../objc/runtime.js";
import type { NotificationType } from "../protocol.js";
import { CALLBACK_HOOK } from "./layout.js";

/** The parameters of a callback's hook in C. They must live as long as the script: records point to them. */
export class CallbackHook {
  readonly memory = sharedWords(CALLBACK_HOOK.bytes);
  private readonly texts: NativePointer[] = [];

  /** `type`: as its events name it. */
  constructor(name: string, type: NotificationType) {
    this.memory.add(CALLBACK_HOOK.selector).writePointer(selector(name));
    this.text(CALLBACK_HOOK.name, name);
    const quoted = JSON.stringify(type);
    this.text(CALLBACK_HOOK.type, quoted);
    this.memory.add(CALLBACK_HOOK.typeLength).writeU64(quoted.length);
    // Only one of changes is given what has changed; the others are given the library.
    this.memory.add(CALLBACK_HOOK.argued).writeU32(Number(type !== "persistent-changes"));
  }

  private text(place: number, text: string): void {
    const memory = Memory.allocUtf8String(text);
    this.texts.push(memory);
    this.memory.add(place).writePointer(memory);
  }
}
