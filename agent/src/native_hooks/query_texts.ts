// What queries test and sort by, as the text that C puts into their events. One text for all queries with the same keys.
import { countedText } from "../native.js";
import { queryKeys } from "../probes/query_keys.js";

/** More different sets of keys than an app has. Texts are kept: records may point to them. */
const MOST_TEXTS = 512;
const TOO_MANY = '"predicate":"(more)"';

export class QueryTexts {
  private readonly texts = new Map<string, NativePointer>();

  /** Return the text for a PHFetchOptions; null where it has no keys. */
  of(options: NativePointer): NativePointer {
    let text: string;
    try {
      text = JSON.stringify(queryKeys(options)).slice(1, -1);
    } catch {
      text = '"predicate":"(other)"';
    }
    if (text === "") return NULL;
    return this.texts.get(text) ?? this.add(this.texts.size < MOST_TEXTS ? text : TOO_MANY);
  }

  private add(text: string): NativePointer {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    const made = countedText(text);
    this.texts.set(text, made);
    return made;
  }
}
