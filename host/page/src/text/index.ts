// The page's own texts in the reader's language. The compiler checks that each language has every key.
import { en, type Key } from "./en";
import { zh } from "./zh";

export type Language = "en" | "zh-Hans";
export const LANGUAGES: Record<Language, string> = { en: "English", "zh-Hans": "简体中文" };
const catalogues: Record<Language, Record<Key, string>> = { en, "zh-Hans": zh };

let current: Language = /^zh\b/i.test(navigator.language) ? "zh-Hans" : "en";
const plurals: Record<Language, Intl.PluralRules> = { en: new Intl.PluralRules("en"), "zh-Hans": new Intl.PluralRules("zh-Hans") };

const use = (chosen: Language) => void (current = chosen);

export const language = () => current;

export function setLanguage(chosen: Language): void {
  use(chosen);
  document.documentElement.lang = chosen;
}

/** Return a text with its placeholders filled; of "one|other" the form for `count`, or for `n` where that is missing. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const forms = catalogues[current][key].split("|");
  const form = plurals[current].select(Number(values["count"] ?? values["n"])) === "one" ? 0 : forms.length - 1;
  const filled = forms[form].replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder));
  return current === "en" ? filled : closed(filled);
}

/** Chinese has no blank between two Chinese characters; one comes about where a unit fills a place next to a word. */
const closed = (text: string) => text.replace(/(?<=[\p{Script=Han}，。：；、（）]) (?=[\p{Script=Han}，。：；、（）])/gu, "");

/** Return what `make` returns in each language, the current one first. */
export function inEachLanguage<T>(make: () => T): T[] {
  const shown = current;
  try {
    return (Object.keys(LANGUAGES) as Language[]).sort((one) => (one === shown ? -1 : 1)).map((one) => {
      use(one);
      return make();
    });
  } finally {
    use(shown);
  }
}

/** Join sentences. Chinese has no space between them. */
export const together = (...sentences: string[]) => sentences.filter(Boolean).join(current === "en" ? " " : "");

/** Return a sentence that follows another one. */
export const following = (sentence: string) => (current === "en" ? ` ${sentence}` : sentence);

/** Return the word for a value of the data. A value that the page does not know stays as it is. */
export function word(kind: string, value: string): string {
  const key = `${kind}.${value}` as Key;
  return key in en ? t(key) : value;
}

export type { Key };
