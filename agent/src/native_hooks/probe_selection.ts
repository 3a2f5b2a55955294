// Which rows of the catalogue are hooked in C, and what C gets for each.
import { sharedWords } from "../native.js";
import type { Probe } from "../probes/catalogue/types.js";
import { HANDLER, HOOK, HOOK_BYTES, KIND, MOST_DETAILS, MOST_HANDLERS } from "./layout.js";

const MOST_SYMBOL = 300;

/** The parameters of a hook in C. They must live as long as the hook. */
export class NativeHook {
  readonly memory = sharedWords(HOOK_BYTES);
  private readonly texts: NativePointer[] = [];

  /** Return the hook of a probe; null for one that needs JavaScript. */
  static of(probe: Probe, set: string): NativeHook | null {
    const { handle, decode, symbol } = probe;
    if (symbol.length > MOST_SYMBOL) return null;
    if (handle === "accounting-coalesce" && set === "app") return new NativeHook(KIND.coalesce, probe, "");
    if (handle === "status") return new NativeHook(KIND.status, probe, `,"symbol":${JSON.stringify(symbol)},"action":"read","level":`);
    const { numbers, counts, query: _query, asset: _asset, size, handlers = [], ...rest } = decode;
    const details = Object.keys({ ...numbers, ...counts }).length;
    if (handle !== "access" || probe.depth === null || details > MOST_DETAILS || handlers.length > MOST_HANDLERS || Object.keys(rest).length > 0) return null;
    // With a size the depth is known at the call only.
    const depth = size === true ? "" : `,"depth":"${probe.depth}"`;
    return new NativeHook(KIND.access, probe, `${depth},"symbol":${JSON.stringify(symbol)},"detail":{`);
  }

  private constructor(kind: number, { decode, timed, funnel }: Probe, head: string) {
    const { memory } = this;
    const handlers = decode.handlers ?? [];
    const words = { kind, timed: Number(timed), funnel: Number(funnel), level: decode.level ?? 0, query: decode.query ?? 0, asset: decode.asset === undefined ? 0 : decode.asset + 1, size: Number(decode.size ?? false), handlers: handlers.length };
    const all = new Uint32Array(ArrayBuffer.wrap(memory, HOOK_BYTES));
    const put = (places: Readonly<Record<string, number>>, at: number, values: object): void => {
      for (const name in values) all[(places[name]! + at) / 4] = values[name as never];
    };
    put(HOOK, 0, words);
    handlers.forEach((handler, i) => put(HANDLER, HOOK.handler + i * HANDLER.bytes, handler));
    const [numbers, counts] = [Object.entries(decode.numbers ?? {}), Object.entries(decode.counts ?? {})];
    all[HOOK.numbers / 4] = numbers.length;
    all[HOOK.counts / 4] = counts.length;
    this.text(HOOK.head, HOOK.headLength, head);
    [...numbers, ...counts].forEach(([name, at], i) => {
      all[HOOK.at / 4 + i] = at;
      this.text(HOOK.names + i * 8, HOOK.nameLengths + i * 8, `${i === 0 ? "" : ","}${JSON.stringify(name)}:`);
    });
  }

  /** Symbols and names are the catalogue's, ASCII. */
  private text(place: number, length: number, text: string): void {
    const memory = Memory.allocUtf8String(text);
    this.texts.push(memory);
    this.memory.add(place).writePointer(memory);
    this.memory.add(length).writeU64(text.length);
  }
}
