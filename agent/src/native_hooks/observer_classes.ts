// What C says of an observer: the name and the image of its class, read when an object of that class is first called.
import { nativeText } from "../native.js";
import { classOf } from "../objc/runtime.js";
import type { ObserverRef } from "../protocol.js";
import { publish } from "../publishing.js";
import { CALLBACKS, MOST_OBSERVER_CLASSES } from "./layout.js";

const WORD = 8;
const TEXT_AT = 8; // after the two lengths
/** A record has room for a few thousand bytes. */
const MOST_NAME = 500;

const quoted = (name: string | null): string => JSON.stringify(name !== null && name.length > MOST_NAME ? `${name.slice(0, MOST_NAME)}…` : name);

export class ObserverClasses {
  /** By class. Never freed: records may point to them. */
  private readonly texts = new Map<string, NativePointer>();
  private readonly rows: NativePointer[] = [];

  constructor(
    private readonly callbacks: NativePointer,
    private readonly reference: (object: NativePointer) => ObserverRef | null,
  ) {}

  /** Return what is known of an object's class; null where it is no object. Does not throw. */
  learn(object: NativePointer): NativePointer {
    try {
      const cls = classOf(object);
      const key = cls.toString();
      if (!this.texts.has(key)) {
        const found = this.reference(object)!;
        // Other threads ran meanwhile, and may have added it: what they were given must stay.
        if (!this.texts.has(key)) this.texts.set(key, this.add(cls, found));
      }
      return this.texts.get(key)!;
    } catch {
      return NULL;
    }
  }

  private add(cls: NativePointer, { class: name, image }: ObserverRef): NativePointer {
    const [first, second] = [nativeText(quoted(name)), nativeText(quoted(image))];
    const text = Memory.alloc(TEXT_AT + first.size + second.size);
    text.writeU32(first.size).add(4).writeU32(second.size);
    Memory.copy(text.add(TEXT_AT), first.memory, first.size);
    Memory.copy(text.add(TEXT_AT + first.size), second.memory, second.size);
    if (this.rows.length < MOST_OBSERVER_CLASSES) {
      const row = Memory.alloc(2 * WORD).writePointer(cls);
      row.add(WORD).writePointer(text);
      publish(this.callbacks.add(CALLBACKS.classes + this.rows.length * WORD), row);
      this.rows.push(row);
    }
    return text;
  }
}
