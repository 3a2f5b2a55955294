// The app's own images as C looks them up: whose code called.
import { appImages } from "../callers.js";
import { nativeText } from "../native.js";
import { IMAGE } from "./layout.js";

/** Records may still point into a table that has been replaced. */
const KEPT = 16;

const kept: unknown[] = [];

/** Make a table of the images that are there now, in the order of their addresses. */
export function imageTable(): NativePointer {
  const images = appImages().sort((one, other) => one.base.compare(other.base));
  const table = Memory.alloc(8 + images.length * IMAGE.bytes);
  table.writeU64(images.length);
  const names = images.map(({ base, size, name }, i) => {
    const text = `{"image":${JSON.stringify(name.slice(0, 200))},"offset":`;
    const { memory, size: length } = nativeText(text);
    const row = table.add(8 + i * IMAGE.bytes);
    row.add(IMAGE.base).writePointer(base);
    row.add(IMAGE.end).writePointer(base.add(size));
    row.add(IMAGE.name).writePointer(memory);
    row.add(IMAGE.length).writeU64(length);
    return memory;
  });
  kept.push(table, names);
  if (kept.length > 2 * KEPT) kept.splice(0, 2);
  return table;
}
