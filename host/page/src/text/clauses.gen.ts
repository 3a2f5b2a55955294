// Made by scripts/make-clause-types from lightleak/comparator/explain/clauses.py. Change that, not this.

export type OtherProcess = { kind: "assetsd" | "extension" | "extensions"; identifier?: string | null };

export type Window = { until: "begin" | "end" | "entry-end" | "idle-timer" | "report-end"; lag_s?: number | null; without_sleep?: boolean };

export type PropertyRead = { symbol: string; count: number; what?: "caption" | "file-name" | "other" | "place" };

export type Brief = { act: "continued" | "extension-queried" | "first-contact" | "never-watched" | "notified" | "opened-by-system" | "other-queried" | "picker" | "picker-unsure" | "queried" | "start-missing" | "unexplained" | "unobserved" | "used"; depth: "data" | "metadata" | "none" | "notification" | "open" | "thumbnail" | "upload"; state: "active" | "background" | "inactive" | "mixed" | "unknown"; certainty: "certain" | "chance" | "likely" | "none" | "shared" | "weak"; trigger: "activation" | "change" | "launch" | "no-act" | "none" | "return" | "touch" | "unknown" | "wake"; trigger_by: "chance" | "link" | "none" | "time" | "unwatched"; watched: "not" | "partly" | "whole" };

export type Clause =
  | { code: "picker-choice"; also_without?: boolean }
  | { code: "matched-by-identifier"; process: string; pid: number | null; who: "app" | "extension" | "other"; late_ms?: number | null; prolonged?: number; after_call?: string | null; identifier?: string | null }
  | { code: "continued-entry"; process: string; pid: number | null; continues: string; late_ms?: number | null; prolonged?: number }
  | { code: "opened-by-system"; late_ms?: number | null; prolonged?: number }
  | { code: "first-contact"; before_ms: number; symbol?: string | null }
  | { code: "queries-near"; count: number; before_ms: number; symbol?: string | null; or_reads?: boolean }
  | { code: "notifications-near"; count: number; before_ms: number; lag_s: number; symbol?: string | null }
  | { code: "acts-do-not-explain"; count: number; depth: "data" | "metadata" | "notification" | "open" | "thumbnail" | "upload"; lag_s: number; accounting_seen: boolean }
  | { code: "nothing-near"; lag_s: number; accounting_seen: boolean }
  | { code: "begin-missing" }
  | { code: "never-watched"; app: string }
  | { code: "not-watched-before"; ended_ms?: number | null; began_ms?: number | null; events_missing?: boolean }
  | { code: "set-off-by"; act: "access" | "opening" | "query"; kind: "activation" | "change" | "launch" | "touch" | "wake"; linked: boolean; delay_ms: number; what?: string | null; state?: "active" | "background" | "inactive" | "unknown" | null }
  | { code: "notification-itself"; what?: string | null }
  | { code: "nothing-set-off"; act: "access" | "opening" | "query"; lag_s: number }
  | { code: "trigger-unknown"; reason: "act-not-seen" | "clock-stepped" | "events-lost" | "origin-missing" }
  | { code: "resumed-by"; kind: "activation" | "change" | "launch" | "touch" | "wake"; what?: string | null; state?: "active" | "background" | "inactive" | "unknown" | null }
  | { code: "watched-briefly"; watched_ms: number }
  | { code: "origins-not-watched"; sources: ("changes" | "handoffs" | "inputs" | "wakes")[] }
  | { code: "handoff-not-followed"; symbols: string[]; more?: number }
  | { code: "triggers-by-chance"; p: number }
  | { code: "furthest-seen"; window: Window; depth: "data" | "metadata" | "notification" | "open" | "thumbnail" | "upload"; count: number; at: string; state: "active" | "background" | "inactive" | "mixed" | "unknown"; other_day?: boolean; symbol?: string | null }
  | { code: "nothing-seen"; window: Window }
  | { code: "not-watched-then"; window: Window }
  | { code: "other-process-went"; process: OtherProcess; depth: "data" | "metadata" | "notification" | "open" | "thumbnail" | "upload"; count: number }
  | { code: "read-otherwise"; reasons: ("activation" | "change" | "launch" | "none" | "touch" | "unknown" | "wake")[]; count: number }
  | { code: "properties-read"; properties: PropertyRead[]; more?: number }
  | { code: "partly-watched"; percent: number }
  | { code: "unwatched-before"; whole_ms: number; unseen_ms: number }
  | { code: "idle-timer-length" }
  | { code: "chance-no-better"; p: number }
  | { code: "not-hooked"; symbols: string[]; more?: number; reads?: boolean }
  | { code: "others-not-watched"; processes: OtherProcess[] }
  | { code: "unconfirmed"; assumptions: number[] }
  | { code: "refuted"; assumptions: number[] }
  | { code: "stamps-before-call" };

export type Notice =
  | { code: "no-time-in-common"; report: [string, string] | null }
  | { code: "no-entry-of-apps"; apps: string[] }
  | { code: "apps-not-watched"; apps: string[] }
  | { code: "assumptions-of-other-system"; tested: string; recorded: string[] }
  | { code: "events-unreadable"; count: number }
  | { code: "events-before-phones"; count: number }
  | { code: "runs-in-silence"; count: number; start: string; end: string }
  | { code: "recorded-twice"; app: string; pid: number; segments: [string, string]; overlap_ms: number }
  | { code: "identifiers-unknown"; count: number }
  | { code: "report-from-other-zone"; report_s: number; device_s: number }
  | { code: "lag-not-fitted"; matches: number; needed: number; used_s: number }
  | { code: "triggers-no-better"; apps: string[] }
  | { code: "cut-tail"; file: string; bytes: number }
  | { code: "damaged-stretch"; file: string; bytes: number; offset: number; events_lost: number }
  | { code: "no-closing-seal"; file: string; has_events?: boolean; last?: [number, number] | null }
  | { code: "odd-values"; file: string; key: string; count: number }
  | { code: "unknown-zone"; file: string; zone: string };

export type Statement = Clause | Notice;

export type AssumptionName = "identifier_is_shown" | "query_makes_entry" | "registration_opens" | "opening_makes_entry" | "delivery_makes_entry" | "reads_make_no_entry" | "idle_timer_closes" | "stamp_is_later" | "picker_marks_choice" | "extension_has_own_rows";
