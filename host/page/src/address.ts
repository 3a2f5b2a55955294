// The page's address: which entries are chosen, which entry is open, and which event. It follows the # and can be sent to others.

export const NAMES = ["q", "cause", "trigger", "part", "depth", "state", "night", "match", "app", "from", "to"] as const;
export type Name = (typeof NAMES)[number];

/**
 * What the reader chose. Each is a word of the data, or empty for any. A trigger can have its certainty after a colon; `night` is
 * "yes" or "no"; `from` and `to` are days, in the page's time zone; `q` is the text of the search.
 */
export type Choice = Record<Name, string>;

export const EVERYTHING: Choice = { q: "", cause: "", trigger: "", part: "", depth: "", state: "", night: "", match: "", app: "", from: "", to: "" };

export type Address = { choice: Choice; entry: string | null; event: string | null };

/** Read what follows the #. The name of a section is no address: null. */
export function readAddress(hash: string): Address | null {
  const text = hash.replace(/^#/, "");
  if (text && !text.includes("=")) return null;
  const values = new URLSearchParams(text);
  const choice = { ...EVERYTHING };
  for (const name of NAMES) choice[name] = values.get(name) ?? "";
  return { choice, entry: values.get("entry"), event: values.get("event") };
}

/** Write an address; empty where it is the whole page. */
export function writeAddress({ choice, entry, event }: Address): string {
  const pairs: [string, string | null][] = [...NAMES.map((name): [string, string] => [name, choice[name]]), ["entry", entry], ["event", event]];
  const parts = pairs.filter(([, value]) => value).map(([name, value]) => `${name}=${encodeURIComponent(value!).replaceAll("%3A", ":").replaceAll("%20", "+")}`);
  return parts.length ? `#${parts.join("&")}` : "";
}

export const isEverything = (choice: Choice) => NAMES.every((name) => !choice[name]);
