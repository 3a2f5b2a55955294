// Made by scripts/make-clause-types from lightleak/comparator/explain. Change that, not this.

export type OtherProcess = { kind: "assetsd" | "extension" | "extensions" | "perhaps-extension"; identifier?: string | null };

export type Window = { until: "begin" | "end" | "entry-end" | "idle-timer" | "report-end"; lag_s?: number | null };

export type PropertyRead = { symbol: string; count: number; photos?: number | null; at_least?: boolean; what?: "caption" | "file-name" | "other" | "place" | "set" | "size" };

export type Brief = { act: "continued" | "extension-queried" | "first-contact" | "never-watched" | "notified" | "opened-by-other" | "opened-by-system" | "other-queried" | "picker" | "picker-unsure" | "queried" | "queried-unseen" | "start-missing" | "unexplained" | "unobserved" | "used"; depth: "data" | "metadata" | "none" | "notification" | "open" | "picked" | "thumbnail" | "upload"; state: "active" | "background" | "inactive" | "mixed" | "unknown"; certainty: "certain" | "chance" | "likely" | "none" | "shared" | "weak"; trigger: "activation" | "change" | "launch" | "no-act" | "none" | "return" | "touch" | "unknown" | "wake"; trigger_by: "chance" | "link" | "none" | "time" | "unwatched"; watched: "not" | "partly" | "whole" };

export type SetOffCount = { kind: "activation" | "change" | "launch" | "none" | "touch" | "unknown" | "wake"; by: "chance" | "link" | "none" | "time"; count: number };

export type Clause =
  | { code: "picker-choice"; also_without?: boolean }
  | { code: "matched-by-identifier"; process: string; pid: number | null; who: "app" | "extension" | "other"; late_ms?: number | null; prolonged?: number; after_call?: string | null; identifier?: string | null }
  | { code: "continued-entry"; process: string; pid: number | null; continues: string; late_ms?: number | null; prolonged?: number }
  | { code: "opened-by-system"; late_ms?: number | null; prolonged?: number }
  | { code: "opened-by-other"; process: string; pid: number | null; role: string; late_ms?: number | null; prolonged?: number }
  | { code: "first-contact"; before_ms: number; symbol?: string | null; asleep?: boolean }
  | { code: "queries-near"; count: number; before_ms: number; symbol?: string | null; or_reads?: boolean; asleep?: boolean }
  | { code: "notifications-near"; count: number; before_ms: number; lag_s: number; symbol?: string | null; asleep?: boolean }
  | { code: "acts-do-not-explain"; count: number; depth: "data" | "metadata" | "notification" | "open" | "thumbnail" | "upload"; lag_s: number; accounting_seen: boolean; until_ms?: number | null; asleep?: boolean }
  | { code: "nothing-near"; lag_s: number; accounting_seen: boolean; until_ms?: number | null }
  | { code: "begin-missing" }
  | { code: "never-watched"; app: string; attached?: boolean }
  | { code: "not-watched-before"; ended_ms?: number | null; began_ms?: number | null; events_missing?: boolean; window?: Window | null }
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
  | { code: "upload-asked"; count: number; hosts?: string[]; more?: number; nameless?: number; also_read?: boolean; process?: OtherProcess | null }
  | { code: "host-contacted"; app: string; host: string; count: number; first: string; last: string }
  | { code: "read-otherwise"; reasons: ("activation" | "change" | "launch" | "none" | "touch" | "unknown" | "wake")[]; count: number }
  | { code: "properties-read"; properties: PropertyRead[]; more?: number }
  | { code: "picker-loads"; count: number }
  | { code: "partly-watched"; percent: number }
  | { code: "lines-contradict"; about: ("end" | "owner" | "picker" | "start")[] }
  | { code: "near-others-too"; others: number }
  | { code: "twin-near" }
  | { code: "unwatched-before"; whole_ms: number; unseen_ms: number }
  | { code: "events-may-be-missing" }
  | { code: "idle-timer-length" }
  | { code: "chance-no-better"; p: number }
  | { code: "not-hooked"; symbols: string[]; more?: number; reads?: boolean; in_part?: string[] }
  | { code: "others-not-watched"; processes: OtherProcess[] }
  | { code: "unconfirmed"; assumptions: number[] }
  | { code: "refuted"; assumptions: number[] }
  | { code: "stamps-before-call" };

export type Notice =
  | { code: "no-time-in-common"; report: [string, string] | null }
  | { code: "no-entry-of-apps"; apps: string[] }
  | { code: "apps-not-watched"; apps: string[] }
  | { code: "assumptions-of-other-system"; tested: string; recorded: string[] }
  | { code: "several-devices"; models: string[] }
  | { code: "events-unreadable"; count: number }
  | { code: "events-of-unknown-kinds"; kinds: string[]; count: number; more?: number }
  | { code: "accesses-of-unknown-depths"; count: number }
  | { code: "events-before-phones"; count: number }
  | { code: "runs-in-silence"; count: number; start: string; end: string }
  | { code: "recorded-twice"; app: string; pid: number; segments: [string, string]; overlap_ms: number }
  | { code: "identifiers-unknown"; count: number }
  | { code: "report-from-other-zone"; report_s: number; device_s: number }
  | { code: "lag-not-fitted"; matches: number; needed: number; used_s: number }
  | { code: "lag-fitted"; used_s: number; matches: number; left_out: number; longest_ms: number; identifier: string }
  | { code: "triggers-no-better"; apps: string[] }
  | { code: "cut-tail"; file: string; bytes: number }
  | { code: "damaged-stretch"; file: string; bytes: number; offset: number; events_lost: number }
  | { code: "no-closing-seal"; file: string; has_events?: boolean; last?: [number, number] | null }
  | { code: "odd-values"; file: string; key: string; count: number }
  | { code: "unknown-zone"; file: string; zone: string }
  | { code: "not-a-phone"; file: string; device: "simulator" | "virtual" };

export type Statement = Clause | Notice;

export type MayWrite =
  | { code: "report-lists"; app: string; entries: number; start: string; end: string; share: number }
  | { code: "entries-with-reads"; app: string; depth: "data" | "thumbnail" | "upload"; state: "active" | "background"; count: number; of: number; night: number; lag_s: number; share: number }
  | { code: "set-off-with-reads"; app: string; count: number; set_off: SetOffCount[]; otherwise?: number; uploads?: number }
  | { code: "reads-in-background"; app: string; depth: "data" | "thumbnail" | "upload"; count: number; night: number | null; first: string }
  | { code: "no-read-in-background"; app: string; share: number; missing: number }
  | { code: "claim-answered"; app: string; answer: "chance" | "doubt" | "holds" | "holds-but-opens" | "likely" | "missed" | "no" | "open" | "opens" | "otherwise" | "unexplained" | "unlinked" | "untested"; count: number; entries: number; elsewhere: number; share: number }
  | { code: "matched"; app: string; identifier: number; time: number }
  | { code: "runs-expected"; app: string; runs: number; assumption: number; known: boolean | null }
  | { code: "runs-with-queries"; app: string; runs: number };

export type MayNotWrite =
  | { code: "only-these"; app: string; share: number }
  | { code: "nothing-else"; probes: number }
  | { code: "certain-by-time"; count: number; lag_s: number }
  | { code: "matches-by-chance"; p: number }
  | { code: "triggers-by-time-prove"; p: number }
  | { code: "causes-known"; unobserved: number; unexplained: number }
  | { code: "others-in-foreground"; mixed: number; unknown: number }
  | { code: "entry-is-read"; entries: number; reads: number; uploads?: number }
  | { code: "nothing-triggered"; sources: ("changes" | "handoffs" | "inputs" | "wakes")[] }
  | { code: "report-hides"; app: string; runs: number }
  | { code: "photo-sent"; uploads: number }
  | { code: "nothing-lost"; count: number }
  | { code: "others-did-nothing"; processes: OtherProcess[] }
  | { code: "phone-confirmed"; assumptions: number }
  | { code: "real-phone"; system: string | null; device?: "simulator" | "virtual" | null }
  | { code: "why-never-watched"; app: string; entries: number };

export type Quote = MayWrite | MayNotWrite;

export type AssumptionName = "identifier_is_shown" | "query_makes_entry" | "registration_opens" | "opening_makes_entry" | "delivery_makes_entry" | "reads_make_no_entry" | "idle_timer_closes" | "stamp_is_later" | "picker_marks_choice" | "extension_has_own_rows";
