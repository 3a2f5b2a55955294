// The data that the host wrote into the page (lightleak/views/page/overview.py and details.py). Times are ms since t0_ms.

import type { AssumptionName, Brief, Clause, Notice, OtherProcess } from "./text/clauses.gen";

export type Table = { width: number; bins: number[]; counts: number[] };

/** What was recorded of one app. Intervals are flat: start, end, start, end, …, sorted. */
export type AppTimeline = {
  covered: number[];
  suspended: number[];
  gaps: [number, number, string, number][];
  /** Start, end and number in `words.states`, …. */
  states: number[];
  rows: Record<string, Table>;
  network: [number, number, string, string, number, string, number | null][];
};

export type App = {
  id: string;
  name: string | null;
  summary: {
    entries: number;
    by_cause: Record<string, number>;
    by_depth: Record<string, number>;
    background: number;
    night: number;
    observers: number;
    notifications: number;
    bytes: number;
    cpu_ms: number;
  };
  by_match: Record<string, number>;
  chance: number | null;
  span_ms: number;
  covered_ms: number;
  recorded_ms: number;
  segments: number;
  lost: number;
  accounting: boolean;
  unwatched: OtherProcess[];
  unreported: number;
};

export type Entries = {
  identifier: string[];
  app: number[];
  begin: (number | null)[];
  end: (number | null)[];
  until: number[];
  offset_s: number[];
  cause: number[];
  depth: number[];
  match: number[];
  state: number[];
  flags: number[];
  state_words: string[];
  flag_words: string[];
  /** For each entry its number in `briefs`. */
  brief: number[];
  briefs: Brief[];
};

export type Observer = {
  app: string | null;
  pid: number | null;
  class: string;
  image: string;
  id: string;
  type: string;
  action: string;
  at: number;
  until: number | null;
  caller: string | null;
  stack: string[] | null;
  deliveries: number;
  accesses: number;
  timed: number;
  ms: number;
  cpu_ms: number;
  session: number;
  segment: number;
};

export type Facts = {
  tool: string;
  t0_ms: number;
  stop: number;
  watched: [number, number] | null;
  offset_s: number;
  words: { causes: string[]; depths: string[]; matches: string[]; states: string[]; rows: string[] };
  apps: App[];
  /** One for each of `apps`, in the same order. */
  lanes: AppTimeline[];
  entries: Entries;
  unreported: { app: string; begin: string; end: string; depth: string; events: number; evidence: string[] }[];
  observers: Observer[];
  observers_in_all: number;
  hooks: { probe: string; symbol: string; status: string; reason: string; segments: number }[];
  hooks_installed: { probes: number; segments: number; silent: number };
  marks: [number, string][];
  sessions: {
    n: number;
    id: string | null;
    files: string[];
    started: string | null;
    ended: string | null;
    segments: number;
    events: number;
    lost: number;
    gaps: { from: string; to: string; identifier: string; reason: string }[];
    heads: string[] | null;
    /** Model and system, never the device's name, which often contains the name of a person. */
    device: string | null;
    target: string | null;
    /** Head hash of the session from which this one was redacted. */
    redacted: string | null;
  }[];
  report: {
    files: string[];
    first: string | null;
    last: string | null;
    entries: number;
    network: number;
    problems: { file: string; line: number | null; problem: string }[];
    hashes: [string, string | null][];
  };
  clock: {
    lag_ms: { median: number | null; p95: number | null; n: number; bound: number; proposed: number | null };
    host_offset_ms: number | null;
    steps: { session: number; segment: number; at: string; step_ms: number }[];
  };
  notices: Notice[];
  lag_s: number;
  /** Name, number, and whether a phone confirmed it (null: not tested). */
  assumptions: [AssumptionName, number, boolean | null][];
};

type Column = (number | null)[];

export type Details = {
  /** For each entry its numbers in `clauses`. */
  why: number[][];
  clauses: Clause[];
  named: number[];
  refs: number[][];
  events: {
    n: number;
    session: number[];
    segment: number[];
    seq: number[];
    wall_us: Column;
    kind?: Column;
    symbol?: Column;
    caller?: Column;
    stack?: Column;
    info?: Column;
    duration_us?: Column;
    cpu_us?: Column;
    bytes?: Column;
  };
  kinds: string[];
  symbols: string[];
  callers: string[];
  stacks: string[][];
  infos: string[];
  levels: Record<string, Table>[];
};

export type Evidence = {
  reference: string;
  wall_us: number | null;
  kind: string | null;
  symbol: string | null;
  caller: string | null;
  stack: string[] | null;
  info: string | null;
  duration_us: number | null;
  cpu_us: number | null;
  bytes: number | null;
};

/** The depths with an access, deepest first. */
export const DEPTHS = ["data", "thumbnail", "metadata", "open", "notification"];

/** Return the deepest depth of an app's entries; "none" if nothing was seen. */
export const deepest = (app: App) => DEPTHS.find((depth) => app.summary.by_depth[depth]) ?? "none";

export const sumOf = (apps: App[], value: (app: App) => number) => apps.reduce((sum, app) => sum + value(app), 0);

/** Read a block of the page: JSON, or deflated JSON in base64. */
async function block<T>(id: string): Promise<T> {
  const element = document.getElementById(id) as HTMLScriptElement;
  const text = element.textContent ?? "null";
  if (element.type === "application/json") return JSON.parse(text) as T;
  const raw = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const inflated = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(inflated).text()) as T;
}

export const loadFacts = () => block<Facts>("facts");

export async function loadDetails(): Promise<Details> {
  const details = await block<Details>("details");
  const { events } = details;
  events.session = expandRuns(events.session);
  events.segment = expandRuns(events.segment);
  events.seq = addUp(events.seq) as number[];
  events.wall_us = addUp(events.wall_us);
  return details;
}

export const clausesOf = (details: Details, entry: number): Clause[] => details.why[entry].map((number) => details.clauses[number]);

/** Return the events that an entry names and that the page contains, in order of time. */
export function evidenceOf(details: Details, entry: number): Evidence[] {
  const { events } = details;
  const found: Evidence[] = [];
  const text = <T>(table: T[], column: Column | undefined, at: number): T | null => {
    const number = column?.[at];
    return number == null ? null : table[number];
  };
  const refs = details.refs[entry];
  for (let r = 0; r < refs.length; r += 2) {
    for (let at = refs[r]; at < refs[r] + refs[r + 1]; at++) {
      found.push({
        reference: `${events.session[at]}:${events.segment[at]}:${events.seq[at]}`,
        wall_us: events.wall_us[at],
        kind: text(details.kinds, events.kind, at),
        symbol: text(details.symbols, events.symbol, at),
        caller: text(details.callers, events.caller, at),
        stack: text(details.stacks, events.stack, at),
        info: text(details.infos, events.info, at),
        duration_us: events.duration_us?.[at] ?? null,
        cpu_us: events.cpu_us?.[at] ?? null,
        bytes: events.bytes?.[at] ?? null,
      });
    }
  }
  return found.sort((a, b) => (a.wall_us ?? 0) - (b.wall_us ?? 0));
}

/** Expand value, count, value, count, …. */
function expandRuns(runs: number[]): number[] {
  const values: number[] = [];
  for (let at = 0; at < runs.length; at += 2) for (let n = 0; n < runs[at + 1]; n++) values.push(runs[at]);
  return values;
}

/** Return the values of a column of differences. */
function addUp(steps: Column): Column {
  let sum = 0;
  return steps.map((step) => (step === null ? null : (sum += step)));
}
