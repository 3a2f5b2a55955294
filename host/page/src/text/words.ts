// Sentences that contain names, and numbers formatted as the host formats them.

/** A name from a trace or a report. It is marked up, so that it cannot be confused with the words around it. */
export type Name = { name: string };
export type Text = (string | Name)[];

type Part = string | number | Name | Text;

/** Build a sentence from words and names. A part that is itself a text is inserted. */
export const say = (words: TemplateStringsArray, ...parts: Part[]): Text =>
  words.flatMap((word, at): Text => {
    const part = parts[at];
    return [word, ...(part === undefined ? [] : Array.isArray(part) ? part : [typeof part === "number" ? String(part) : part])];
  });

export const name = (text: string): Name => ({ name: text });

export const none: Text = [];

/** Join texts with a separator; `last` separates the last two. */
export const joined = (texts: Text[], between: string, last = between): Text =>
  texts.flatMap((text, at) => [...(at ? [at === texts.length - 1 ? last : between] : []), ...text]);

export const names = (all: string[], between: string): Text => joined(all.map((one) => [name(one)]), between);

export const plain = (text: Text): string => text.map((part) => (typeof part === "string" ? part : part.name)).join("");

/** Format as Python's `format(value, ".{digits}f")` does: a tie is rounded to even. */
export function fixed(value: number, digits: number): string {
  const tie = value * 2 ** (digits + 1);
  if (!Number.isInteger(tie) || tie % 2 === 0) return value.toFixed(digits);
  const down = Math.floor(value * 10 ** digits);
  return ((down % 2 === 0 ? down : down + 1) / 10 ** digits).toFixed(digits);
}

/** Format as Python's `format(value, "g")` does, for values that are not negative. */
export function general(value: number): string {
  if (value === 0 || value >= 1e-4) return String(Number(value.toPrecision(6)));
  const [digits, power] = value.toExponential(5).split("e");
  return `${Number(digits)}e-${power.slice(1).padStart(2, "0")}`;
}

/** Format a duration in the unit that fits, as the host does. */
export function span(ms: number, units: { ms: string; s: string; min: string; h: string }): string {
  const seconds = ms / 1000;
  if (seconds < 1) return `${fixed(ms, 0)} ${units.ms}`;
  if (seconds < 120) return `${fixed(seconds, 1)} ${units.s}`;
  return seconds < 7200 ? `${fixed(seconds / 60, 0)} ${units.min}` : `${fixed(seconds / 3600, 1)} ${units.h}`;
}

export function zone(offset_s: number): string {
  const minutes = Math.floor(Math.abs(offset_s) / 60);
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${offset_s < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}

/** Return the time of day of an RFC 3339 text, with its date if `dated`. */
export const clock = (at: string, dated: boolean) => (dated ? `${at.slice(0, 10)} ${at.slice(11, 23)}` : at.slice(11, 23));
