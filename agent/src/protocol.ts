// Every message between agent and host: the twin of host/lightleak/device/protocol.py. See docs/agent-protocol.md.

export const PROTOCOL_VERSION = 2;

/** Wall clock and continuous clock, each as seconds and the nanoseconds beyond them: numbers here are doubles. */
export type At = [wallS: number, wallNs: number, monoS: number, monoNs: number];

export type Depth = "notification" | "open" | "metadata" | "thumbnail" | "data" | "upload" | "write" | "picker";
export type State = "active" | "inactive" | "background" | "unknown";
export type Reason = "launch" | "background-task" | "silent-push" | "voip-push" | "background-url-session" | "location" | "url" | "other";
export type InputType = "touch" | "key" | "other";
export type ObserverType = "change" | "availability" | "persistent-changes";
export type NotificationType = Exclude<ObserverType, "availability"> | "unavailable";
export type Level = "read-write" | "add-only";
export type Status = "authorized" | "limited" | "denied" | "restricted" | "not-determined";
export type Role = "app" | "extension" | "assetsd" | "other";
export type Plain = string | number | boolean | null;

export interface Caller {
  image: string;
  offset: number;
}

export interface ObserverRef {
  class: string;
  id: string;
  image: string | null;
}

export interface Frame {
  address: string;
  image?: string;
  uuid?: string | null;
  offset?: number;
}

/**
 * What `reason` says of a hook to people, for programs: what the process does not have; `escape`: work that was not followed;
 * `found-late`: a callback that was replaced unseen, and hooked then; `left-out`: the user did not want the probe.
 */
export type HookCode = "no-class" | "no-method" | "no-function" | "inherited" | "escape" | "found-late" | "left-out";

/** An event of contract section 3 as it travels: `at` in place of segment, seq and both clocks; keys in the contract's order. */
export type Wire =
  | { kind: "process"; at: At; tid: null; phase: "attached" | "ready"; pid: number; name: string; identifier: string | null; role: Role; reason: null }
  | { kind: "hook"; at: At; tid: null; probe: string; symbol: string; status: "installed" | "skipped"; reason: string | null; absent?: true; code?: HookCode }
  | { kind: "state"; at: At; tid: number | null; value: State; reason: Reason | null; changed?: false }
  | { kind: "input"; at: At; tid: number; type: InputType }
  | { kind: "usage"; at: At; tid: null; cpu_ns: number | null; footprint_bytes: number | null; energy_nj: number | null; wakeups: number | null; disk_read_bytes: number | null }
  | { kind: "authorization"; at: At; tid: number; symbol: string; action: "asked" | "answered" | "read"; level: Level; status: Status | null; cause: number | null; caller: Caller | null; stack: number | null; internal?: true }
  | { kind: "observer"; at: At; tid: number | null; action: "found" | "registered" | "unregistered"; observer: ObserverRef | null; type: ObserverType; cause: number | null; caller: Caller | null; stack: number | null; internal?: true }
  | { kind: "notification"; at: At; tid: number; observer: ObserverRef | null; change: string | null; type: NotificationType; cause: number | null; stack: number | null; internal?: true }
  | { kind: "access"; at: At; tid: number; depth: Depth; symbol: string; detail: Record<string, Plain>; asset: string | null; resumed_by?: number; cause: number | null; caller: Caller | null; stack: number | null; internal?: true }
  | { kind: "property"; at: At; tid: null; symbol: string; count: number; assets: number | null; cause: number | null; new_assets: number; run: number; at_least?: true; internal?: true }
  | { kind: "return"; at: At; tid: number; of: number; duration_ns: number; cpu_ns: number | null }
  | { kind: "delivery"; at: At; tid: number; of: number; bytes: number | null; degraded: boolean; error: string | null; reason?: string }
  | { kind: "accounting"; at: At; tid: number; phase: "begin" | "touch" | "end"; identifier: string | null; service: string | null }
  | { kind: "stack"; at: At; tid: null; id: number; frames: Frame[] };

export interface Beat {
  at: At;
  next: number;
  dropped: { count: number; reason: string };
}

export type Message =
  | { type: "batch"; agent: string; first: number }
  | ({ type: "beat"; agent: string; waiting?: number; final?: true } & Beat)
  | { type: "fault"; agent: string; message: string; stack: string }
  | { type: "displaced"; agent: string };

/**
 * Where the host puts events now: `seq` in the file is a transport number plus `shift`. So it is for all events from
 * number `since` on; those before can have another shift.
 */
export interface Place {
  segment: number;
  shift: number;
  since: number;
}

export type ProbeSet = "app" | "assetsd";

export interface StartOptions {
  set: ProbeSet;
  internal: boolean;
  /** Names of probes that are not installed. */
  without: string[];
  salt: string;
  spool: boolean;
  lane: "auto" | "js" | "c";
  bound: number;
}

const KNOWN: { [K in keyof StartOptions]: (value: unknown) => boolean } = {
  set: (value) => value === "app" || value === "assetsd",
  internal: (value) => typeof value === "boolean",
  without: (value) => Array.isArray(value) && value.every((name) => typeof name === "string"),
  salt: (value) => typeof value === "string" && /^([0-9a-f]{2})*$/i.test(value),
  spool: (value) => typeof value === "boolean",
  lane: (value) => value === "auto" || value === "js" || value === "c",
  bound: (value) => typeof value === "number" && value >= 65536,
};

const DEFAULTS: StartOptions = {
  set: "app",
  internal: false,
  without: [],
  salt: "",
  spool: false,
  lane: "auto",
  bound: 8 * 1024 * 1024,
};

/** Check the options of start(); throws a sentence where one is unknown or has a wrong value. */
export function startOptions(asked: unknown): StartOptions {
  if (asked === undefined || asked === null) return { ...DEFAULTS };
  if (typeof asked !== "object") throw new Error("the options of start() must be an object");
  for (const [name, value] of Object.entries(asked)) {
    const check = (KNOWN as Record<string, ((value: unknown) => boolean) | undefined>)[name];
    if (check === undefined) throw new Error(`start() has no option ${name}`);
    if (!check(value)) throw new Error(`start() does not accept ${JSON.stringify(value)} for ${name}`);
  }
  return { ...DEFAULTS, ...asked };
}
