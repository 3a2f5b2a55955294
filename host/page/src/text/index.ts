// The page's own words. A catalogue has every key; the compiler sees to that.
import { en, type Key } from "./en";
import { zh } from "./zh";

export type Language = "en" | "zh-Hans";
export const LANGUAGES: Record<Language, string> = { en: "English", "zh-Hans": "简体中文" };
const catalogues: Record<Language, Record<Key, string>> = { en, "zh-Hans": zh };

let current: Language = /^zh\b/i.test(navigator.language) ? "zh-Hans" : "en";

export const language = () => current;

export function speak(chosen: Language): void {
  current = chosen;
  document.documentElement.lang = chosen;
}

/** Fill a text's gaps; of "one|many" the half that goes with `n`. */
export function t(key: Key, gaps: Record<string, string | number> = {}): string {
  const [one, many] = catalogues[current][key].split("|");
  const text = many === undefined || Number(gaps["count"] ?? gaps["n"]) === 1 ? one : many;
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => String(gaps[name] ?? gap));
}

/** Sentences after each other. */
export const together = (...sentences: string[]) => sentences.filter(Boolean).join(current === "en" ? " " : "");

/** The word for a value of the data; a value that the page does not know stays as it is. */
export function word(kind: string, value: string): string {
  const key = `${kind}.${value}` as Key;
  return key in en ? t(key) : value;
}

export type { Key };
