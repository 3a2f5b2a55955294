// The data that the host wrote into the page (lightleak/views/page/overview.py and details.py). Times are ms since t0_ms.

import type { AssumptionName, Brief, Clause, MayNotWrite, MayWrite, Notice, OtherProcess } from "./text/clauses.gen";

export type Table = { width: number; bins: number[]; counts: number[] };

/** What was recorded of one app. Intervals are flat: start, end, start, end, …, sorted. */
export type AppTimeline = {
  covered: number[];
  suspended: number[];
  gaps: [number, number, string, number][];
  /** Start, end and number in `words.states`, …. */
  states: number[];
  rows: Record<string, Table>;
  /** Start, end, CPU in thousandths of a core, footprint in kB, …; null where the system did not tell. */
  usage: (number | null)[];
  network: [number, number, string, string, number, string, number | null][];
};

/** How far a claim holds for an app's entries in the background. The parts add up to `entries`. */
export type Claim = {
  claim: string;
  entries: number;
  opens: number;
  fits_by_link: number;
  fits_by_time: number;
  contradicts: number;
  undecided: number;
  deepest_fitting: string;
};

/** What an app's processes used, as far as the system reports it; null where it does not. */
export type Usage = {
  seconds: number;
  left_out_s: number;
  cpu_ms: number | null;
  wakeups: number | null;
  disk_read_bytes: number | null;
  energy_mj: number | null;
  footprint_peak_bytes: number | null;
  /** Figures that some intervals lack. */
  partly: string[];
  /** State → intervals with and without a callback in them. */
  around_callbacks: Record<string, Record<"with" | "without", UsageAround>>;
};

export type UsageAround = { intervals: number; seconds: number; cpu_ms: number | null; footprint_change_bytes: number | null };

export const SOURCES = ["changes", "inputs", "wakes", "handoffs"] as const;
export type Source = (typeof SOURCES)[number];

export type App = {
  id: string;
  name: string | null;
  summary: {
    entries: number;
    by_cause: Record<string, number>;
    by_depth: Record<string, number>;
    by_trigger: Record<string, number>;
    claims: Claim[];
    /** Queries and reads in the background, under no entry, that have no link to a change. */
    unlinked_reads: number;
    background: number;
    night: number;
    observers: number;
    notifications: number;
    /** Null where it was not measured. */
    bytes: number | null;
    cpu_ms: number | null;
    observer_cost: { callbacks: number; cpu_ms: number | null; bytes: number | null };
    /** Null where nothing was measured. */
    usage?: Usage | null;
  };
  /** How far it was watched what can set an act off, or carry a link. */
  watched: Record<Source, "all" | "some" | "none">;
  /** Where triggers by time are no better than chance: p. */
  trigger_chance: number | null;
  /** What may be written about the app, and what not. */
  quotes: { may: MayWrite[]; may_not: MayNotWrite[] };
  by_match: Record<string, number>;
  chance: number | null;
  span_ms: number;
  covered_ms: number;
  recorded_ms: number;
  segments: number;
  lost: number;
  /** Processes whose end was not seen, and how many ms before it nothing was heard of them. */
  cut_short: [number, number];
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
  /** Number in `words.triggers`; null where the cause is no act of a process. */
  trigger: (number | null)[];
  /** Number in `words.links`. */
  trigger_by: (number | null)[];
  /** From the origin to the act. */
  delay_ms: (number | null)[];
  /** Number in `whats`: an observer's class, a wake-up's reason, or a state other than the foreground. */
  what: (number | null)[];
  /** 1 where the entry was in the background, or between midnight and six, in part too. */
  background: number[];
  night: number[];
  /** 1 where the app also read under the entry for another reason than a change, or an unknown one. */
  otherwise: number[];
  whats: string[];
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
  is_demo: boolean;
  t0_ms: number;
  stop: number;
  watched: [number, number] | null;
  offset_s: number;
  words: { causes: string[]; depths: string[]; matches: string[]; states: string[]; rows: string[]; triggers: string[]; links: string[] };
  apps: App[];
  /** One for each of `apps`, in the same order. */
  lanes: AppTimeline[];
  entries: Entries;
  unreported: { app: string; begin: string; end: string; depth: string; trigger: { kind: string; by: string } | null; events: number; evidence: string[] }[];
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
    /** Of the device; null where it is not known. */
    kind: "physical" | "virtual" | "simulator" | "stand-in" | null;
    target: string | null;
    /** The day on which the session was made of a trace: nothing shows that it was recorded. */
    imported: string | null;
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
    lag_ms: { median: number | null; p95: number | null; n: number; bound: number; proposed: number | null; outliers: number };
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
  /** The same for each run under no entry. */
  runs: number[][];
  /** For each entry the number of the act that made it, and of what set that off, in `events`. */
  acts: Column;
  origins: Column;
  /** For each entry its numbers in `counts`. */
  triggers: number[];
  properties: number[];
  counts: [string, number][][];
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
  role: "origin" | "act" | null;
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
export const DEPTHS = ["upload", "data", "thumbnail", "metadata", "open", "notification"];

/** Return the deepest depth of an app's entries; "none" if nothing was seen. */
export const deepest = (app: App) => DEPTHS.find((depth) => app.summary.by_depth[depth]) ?? "none";

export const sumOf = (apps: App[], value: (app: App) => number) => apps.reduce((sum, app) => sum + value(app), 0);

/** Return the sum of what was measured; null where nothing was. */
export function measured(apps: App[], value: (app: App) => number | null): number | null {
  const known = apps.map(value).filter((one) => one !== null);
  return known.length ? known.reduce((a, b) => a + b, 0) : null;
}

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

/** Return the events that an entry names and that the page contains, with its act and its origin, in order of time. */
export function evidenceOf(details: Details, entry: number): Evidence[] {
  const [act, origin] = [details.acts[entry], details.origins[entry]];
  return eventsAt(details, [...placesOf(details, entry)], act, origin);
}

/** Return the events that a run under no entry names. */
export const evidenceOfRun = (details: Details, run: number): Evidence[] => eventsAt(details, expandRanges(details.runs[run]), null, null);

/** Return the number of an event in `events`; null where the page does not contain it. */
export function eventNumber({ events }: Details, reference: string): number | null {
  const [session, segment, seq] = reference.split(":").map(Number);
  const at = events.seq.findIndex((one, event) => one === seq && events.segment[event] === segment && events.session[event] === session);
  return at < 0 ? null : at;
}

/** Return the entries that name an event. */
export function citing(details: Details, event: number): Set<number> {
  return new Set([...details.refs.keys()].filter((entry) => placesOf(details, entry).has(event)));
}

function placesOf(details: Details, entry: number): Set<number> {
  return new Set([details.origins[entry], details.acts[entry], ...expandRanges(details.refs[entry])].filter((at) => at !== null));
}

/** Expand first, length, first, length, …. */
function expandRanges(ranges: number[]): number[] {
  const found: number[] = [];
  for (let r = 0; r < ranges.length; r += 2) for (let at = ranges[r]; at < ranges[r] + ranges[r + 1]; at++) found.push(at);
  return found;
}

function eventsAt(details: Details, places: number[], act: number | null, origin: number | null): Evidence[] {
  const { events } = details;
  const text = <T>(table: T[], column: Column | undefined, at: number): T | null => {
    const number = column?.[at];
    return number == null ? null : table[number];
  };
  const found = places.map((at): Evidence => ({
    role: at === origin ? "origin" : at === act ? "act" : null,
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
  }));
  return found.sort((a, b) => (a.wall_us ?? 0) - (b.wall_us ?? 0));
}

/** From what set an act off to the act: times in ms, and the kind of the act. */
export type Arc = { from: number; to: number; act: string };

/** Return the arc of an entry; null without an origin, or where the act is the origin itself. */
export function arcOf(details: Details, entry: number): Arc | null {
  const { events } = details;
  const [act, origin] = [details.acts[entry], details.origins[entry]];
  if (act === null || origin === null || act === origin) return null;
  const [from, to, kind] = [events.wall_us[origin], events.wall_us[act], events.kind?.[act]];
  return from === null || to === null || kind == null ? null : { from: from / 1000, to: to / 1000, act: details.kinds[kind] };
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
