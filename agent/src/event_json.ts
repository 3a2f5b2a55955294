// Events as JSON, the frequent kinds by hand: several times faster than JSON.stringify, and the same text. Pure.
import type { At, Caller, Wire } from "./protocol.js";

const MOST_WORDS = 5000;
const words = new Map<string, string>();
const callers = new WeakMap<Caller, string>();

/** Quote a string that occurs often. */
function quote(word: string): string {
  let text = words.get(word);
  if (text === undefined) {
    if (words.size >= MOST_WORDS) words.clear();
    text = JSON.stringify(word);
    words.set(word, text);
  }
  return text;
}

const quoteOrNull = (word: string | null): string => (word === null ? "null" : quote(word));
const clocks = (at: At): string => `"at":[${at[0]},${at[1]},${at[2]},${at[3]}]`;

function place(caller: Caller | null): string {
  if (caller === null) return "null";
  let text = callers.get(caller);
  if (text === undefined) {
    text = JSON.stringify(caller);
    callers.set(caller, text);
  }
  return text;
}

function facts(detail: object): string {
  for (const _ in detail) return JSON.stringify(detail);
  return "{}";
}

function one(event: Wire): string {
  const at = clocks(event.at);
  switch (event.kind) {
    case "access": {
      const { tid, depth, symbol, detail, asset, resumed_by, cause, caller, stack, internal } = event;
      const resumed = resumed_by === undefined ? "" : `,"resumed_by":${resumed_by}`;
      const tail = internal === true ? ',"internal":true}' : "}";
      return `{"kind":"access",${at},"tid":${tid},"depth":"${depth}","symbol":${quote(symbol)},"detail":${facts(detail)},"asset":${quoteOrNull(asset)}${resumed},"cause":${cause},"caller":${place(caller)},"stack":${stack}${tail}`;
    }
    case "return":
      return `{"kind":"return",${at},"tid":${event.tid},"of":${event.of},"duration_ns":${event.duration_ns},"cpu_ns":${event.cpu_ns}}`;
    case "delivery":
      if (event.reason !== undefined) return JSON.stringify(event);
      return `{"kind":"delivery",${at},"tid":${event.tid},"of":${event.of},"bytes":${event.bytes},"degraded":${event.degraded},"error":${quoteOrNull(event.error)}}`;
    case "accounting":
      return `{"kind":"accounting",${at},"tid":${event.tid},"phase":"${event.phase}","identifier":${quoteOrNull(event.identifier)},"service":${quoteOrNull(event.service)}}`;
    case "authorization": {
      const { tid, symbol, action, level, status, cause, caller, stack, internal } = event;
      const tail = internal === true ? ',"internal":true}' : "}";
      return `{"kind":"authorization",${at},"tid":${tid},"symbol":${quote(symbol)},"action":"${action}","level":"${level}","status":${quoteOrNull(status)},"cause":${cause},"caller":${place(caller)},"stack":${stack}${tail}`;
    }
    default:
      return JSON.stringify(event);
  }
}

/** Return events as the inside of a JSON array; ASCII where names are ASCII. */
export function toJsonItems(events: readonly Wire[]): string {
  return events.map(one).join(",");
}

/** Return events as one JSON array. */
export function toJson(events: readonly Wire[]): string {
  return `[${toJsonItems(events)}]`;
}
