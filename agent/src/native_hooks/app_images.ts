// The app's own images in the form in which C looks them up: whose code called.
import { appImages } from "../callers.js";
import { countedText } from "../native.js";
import { IMAGE } from "./layout.js";

/** A thread may still look into a table that has been replaced. Names are kept: records point to them. */
const KEPT = 16;

const kept: NativePointer[] = [];
const texts = new Map<string, NativePointer>();

/** Make a table of the images that are loaded now, in the order of their addresses. */
export function imageTable(): NativePointer {
  const images = appImages().sort((one, other) => one.base.compare(other.base));
  const table = Memory.alloc(8 + images.length * IMAGE.bytes);
  table.writeU64(images.length);
  images.forEach(({ base, size, name }, i) => {
    const text = `{"image":${JSON.stringify(name.slice(0, 200))},"offset":`;
    if (!texts.has(text)) texts.set(text, countedText(text));
    const row = table.add(8 + i * IMAGE.bytes);
    row.add(IMAGE.base).writePointer(base);
    row.add(IMAGE.end).writePointer(base.add(size));
    row.add(IMAGE.name).writePointer(texts.get(text)!);
  });
  kept.push(table);
  if (kept.length > KEPT) kept.shift();
  return table;
}
