// Check a method's type encoding against what the catalogue wants to read from its arguments. Pure.
import type { Decode } from "./catalogue/types.js";

/** A type that has no others inside: its qualifiers, itself, its offset. */
const SIMPLE = /[rnNoORVA]*((?:\^[rnNoORVA^]*)?(?:@\?|@"[^"]*"|[^{([rnNoORVA^]))[0-9+-]*/y;
const OPEN: Readonly<Record<string, string>> = { "{": "}", "(": ")", "[": "]" };

const known = new Map<string, readonly string[]>();

/** Split an encoding into its types: the result's first, then self, _cmd and the arguments. Each is split once: there are few. */
export function split(encoding: string): readonly string[] {
  let types = known.get(encoding);
  if (types === undefined) known.set(encoding, (types = separate(encoding)));
  return types;
}

function separate(encoding: string): string[] {
  const types: string[] = [];
  for (let at = 0; at < encoding.length; ) {
    SIMPLE.lastIndex = at;
    const simple = SIMPLE.exec(encoding);
    if (simple !== null) {
      types.push(simple[1]!);
      at = SIMPLE.lastIndex;
      continue;
    }
    const end = endOf(encoding, at);
    types.push(encoding.slice(at, end).replace(/^[rnNoORVA]+/, ""));
    at = end;
    while (at < encoding.length && /[0-9+-]/.test(encoding[at]!)) at++;
  }
  return types;
}

function endOf(text: string, start: number): number {
  let at = start;
  while (at < text.length && /[rnNoORVA^]/.test(text[at]!)) at++;
  const close = OPEN[text[at] ?? ""];
  if (close !== undefined) return closing(text, at);
  if (text[at] === "@" && text[at + 1] === "?") return at + 2;
  if (text[at] === "@" && text[at + 1] === '"') return text.indexOf('"', at + 2) + 1;
  return at + 1;
}

function closing(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if ("{([".includes(text[at]!)) depth++;
    else if ("})]".includes(text[at]!) && --depth === 0) return at + 1;
  }
  return text.length;
}

const OBJECT = /^[@#]/;
const BLOCK = /^@\??/;
const NUMBER = /^[cCsSiIlLqQB]$/;

/** Return what does not fit, or null. Structures of floating-point numbers use no integer register. */
export function typesOf(encoding: string, decode: Decode): string | null {
  const types = split(encoding).slice(1);
  const registers = types.filter((type) => !/^(\{CG|[fd]$)/.test(type));
  const wrong = (at: number, kind: RegExp): boolean => !kind.test(registers[at] ?? "");
  const unexpected = `its type encoding ${encoding} is not the expected one`;
  const named = [decode.asset, decode.client, decode.observer, decode.host, decode.query, decode.type, decode.cls];
  const objects = [...named.map((at) => at ?? 0), ...Object.values(decode.counts ?? {})];
  if (objects.some((at) => wrong(at, OBJECT))) return unexpected;
  if (Object.values(decode.numbers ?? {}).some((at) => wrong(at, NUMBER))) return unexpected;
  if (decode.level !== undefined && wrong(decode.level, NUMBER)) return unexpected;
  if ((decode.handlers ?? []).some((handler) => wrong(handler.at, BLOCK))) return unexpected;
  if (decode.size === true && !types.some((type) => type.startsWith("{CGSize"))) return unexpected;
  return null;
}

/** Return what does not fit a getter, or null: objects or whole numbers are what it takes and returns, and its selector says how many. */
export function typesOfGetter(encoding: string, selector: string): string | null {
  const [result, ...types] = split(encoding);
  const takes = 2 + selector.split(":").length - 1;
  const fits = types.length === takes && (OBJECT.test(result ?? "") || NUMBER.test(result ?? "")) && types.every((type) => /^[@#:]/.test(type));
  return fits ? null : `its type encoding ${encoding} is not the expected one`;
}
