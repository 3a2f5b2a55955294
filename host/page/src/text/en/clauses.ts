// The statements in English, with the same words as lightleak/comparator/explain/english.py. tests/page/clauses.test.mjs compares the two.
import type { Assumptions, Of, StatementTexts } from "../clauses";
import { leftTo, originEn, ORIGINS } from "../origins";
import type { OtherProcess, PropertyRead, Window } from "../clauses.gen";
import { minute } from "../quotes";
import { clock, fixed, general, joined, name, names, none, say, span as spanIn, zone, type Text } from "../words";

const span = (ms: number) => spanIn(ms, { ms: "ms", s: "s", min: "min", h: "h" });
const grouped = (count: number) => count.toLocaleString("en-US");
const times = (count: number) => (count === 1 ? "once" : `${count} times`);
const many = (count: number, one: string, more: string) => (count === 1 ? `One ${one}` : `${count} ${more}`);
const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const are = (count: number) => (count === 1 ? "is" : "are");

const DEPTHS = { notification: "a notification", open: "an opening of the library", metadata: "a query", thumbnail: "a thumbnail", data: "image data", upload: "asking iOS for an upload" };
const UNTIL = {
  end: "its end",
  begin: "its start (the report gives an end before it)",
  "entry-end": "the entry's end",
  "report-end": "the report's last line",
  "idle-timer": "75.6 s after its start",
};

const window_ = ({ lag_s, until }: Window) =>
  `${lag_s == null ? "from the report's first line" : `from ${general(lag_s)} s before its start`} to ${UNTIL[until]}`;

export const process = ({ kind, identifier }: OtherProcess): Text =>
  kind === "extension" ? say`the extension ${name(identifier ?? "")}` : kind === "perhaps-extension" ? say`${name(identifier ?? "")}, which may be its extension` : [kind === "extensions" ? "the app's extensions" : "assetsd"];

function late(late_ms: number | null | undefined): string {
  if (late_ms == null) return "";
  if (Math.abs(late_ms) < 0.5) return ", at the report's time";
  return `, ${fixed(Math.abs(late_ms), 0)} ms ${late_ms > 0 ? "before" : "after"} the report's time`;
}
const prolonged = (count = 0) => (count ? `, and extended it ${times(count)}` : "");

const accounting = ({ process, pid }: Of<"matched-by-identifier" | "continued-entry">) => say`The accounting in ${name(process)}${pid === null ? "" : ` (pid ${pid})`} contains this identifier`;
const ABOUT = { start: "its start", end: "its end", picker: "whether the picker wrote it", owner: "its app or category" };

function asked({ who, identifier }: Of<"matched-by-identifier">): Text {
  if (who === "app") return ["the app queried the library"];
  if (who === "extension") return say`the app's extension ${name(identifier ?? "")} queried the library`;
  return say`that process queried the library, but is not known to belong to ${name(identifier ?? "")}, which the report names`;
}

const first = ({ symbol, before_ms, asleep }: Of<"first-contact" | "queries-near" | "notifications-near">) =>
  say` (${symbol ? say`${name(symbol)}, ` : none}${asleep ? `${span(before_ms)} before it, asleep in between` : `${before_ms} ms before it`})`;
const seen = (accounting_seen: boolean) => (accounting_seen ? "its accounting did not contain this identifier" : "its accounting could not be seen");
const numbered = (numbers: number[]) => (numbers.length > 1 ? `assumptions ${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}` : `assumption ${numbers[0]}`);

const ACTS = { query: "the query", opening: "the opening", access: "the access" };
const SOURCES = { changes: "change notifications", inputs: "touches", wakes: "wake-ups and launches", handoffs: "handed-on work" };
const UNKNOWN = {
  "act-not-seen": "the act that made the entry was not seen",
  "origin-missing": "the act names an origin that the recording does not have",
  "events-lost": "events were lost shortly before the act",
  "clock-stepped": "the clock says that what was recorded before the act came after it",
};
const REASONS = { ...ORIGINS.en, none: "nothing that was watched", unknown: "something that is not known" };
const PROPERTIES = {
  place: "the place",
  "file-name": "the file name",
  caption: "caption, keywords and name",
  size: "the file size",
  set: "properties that no query had loaded",
};
const photos = ({ count, photos: n = null, at_least = false }: PropertyRead) =>
  n === null ? say`photos ${times(count)}` : say`${at_least ? "at least " : ""}${grouped(n)} ${n === 1 ? "photo" : "photos"}${n === count && !at_least ? "" : say` (${times(count)})`}`;
const property = (read: PropertyRead) => say`${(read.what ?? "other") === "other" ? name(read.symbol) : PROPERTIES[read.what as keyof typeof PROPERTIES]} of ${photos(read)}`;
const bracketed = (what: Text) => (what.length ? say` (${what})` : none);
const followed = (what: Text) => (what.length ? say`${what}, ` : none);
/** The origin's name: of a change of the app's state the new state, if it is known and no return. */
const whatOf = (c: Of<"set-off-by" | "resumed-by">): Text => {
  const state = leftTo(c);
  return state ? [`to ${state}`] : c.what ? [name(c.what)] : none;
};

const until = (ended_ms: number | null | undefined) => (ended_ms == null ? "" : ` until ${span(ended_ms)} before the start`);

const NOT_COUNTED = "so no verdict counts them, and what was not seen may be among them: read the session with a newer lightleak.";

export const clausesEn: StatementTexts = {
  "picker-choice": ({ also_without }) => [also_without ? "The system's photo picker wrote this entry; it was found to do so without a choice too" : "The system's photo picker wrote this entry after the person chose something"],
  "matched-by-identifier": (c) => say`${accounting(c)}${late(c.late_ms)}${c.after_call ? say`, after ${name(c.after_call)}` : none}${prolonged(c.prolonged)}: ${asked(c)}`,
  "continued-entry": (c) =>
    say`${accounting(c)}${late(c.late_ms)}${prolonged(c.prolonged)}: it continues entry ${name(c.continues)}, which ended just before, with no query seen in between, as happens when the accounting daemon restarts`,
  "opened-by-system": (c) => say`Only assetsd's accounting contains this identifier${late(c.late_ms)}${prolonged(c.prolonged)}: the system opened the library for the app`,
  "opened-by-other": (c) =>
    say`Only the accounting in ${name(c.process)}${c.pid === null ? "" : ` (pid ${c.pid})`}, a process of the role ${name(c.role)}, contains this identifier${late(c.late_ms)}${prolonged(c.prolonged)}: that process opened the library for the app`,
  "first-contact": (c) => say`The first contact with the library that was seen after lightleak attached to the app${first(c)} is near the start, matched by time`,
  "queries-near": (c) =>
    say`${c.or_reads ? many(c.count, "query or read", "queries and reads") : many(c.count, "query", "queries")}${first(c)} near the start, matched by time because the app's own accounting could not be seen`,
  "notifications-near": (c) =>
    say`${many(c.count, "change notification", "change notifications")}${first(c)} near the start, matched by time; no opening, query or read by the app was seen in the ${general(c.lag_s)} s before it`,
  "acts-do-not-explain": (c) =>
    say`The app was watched${until(c.until_ms)} and ${seen(c.accounting_seen)}; what it was seen to do in the ${general(c.lag_s)} s before the start${c.asleep ? ", not counting sleep" : ""} (${counted(c.count, "act")}, the deepest ${DEPTHS[c.depth]}) does not explain the entry`,
  "nothing-near": (c) => say`The app was watched${until(c.until_ms)}, ${seen(c.accounting_seen)}, and no opening, query, read or notification was seen in the ${general(c.lag_s)} s before the start`,
  "begin-missing": () => ["The report has no start for this entry, and no recorded accounting contains this identifier"],
  "never-watched": ({ app, attached }) =>
    attached ? say`No process of ${name(app)} was fully watched: lightleak attached to one, but the recording does not say that all hooks were in place` : say`No process of ${name(app)} was watched`,
  "not-watched-before": ({ ended_ms, began_ms, events_missing, window }) => {
    const it = window ? "the start" : "it";
    const near = ended_ms == null ? [] : [`watching ended ${span(ended_ms)} before ${it}`];
    if (began_ms != null) near.push(`${near.length ? "resumed" : "watching began"} ${span(Math.abs(began_ms))} ${began_ms > 0 ? "after" : "before"} ${near.length ? "it" : it}`);
    return [`The app was not watched ${window ? window_(window) : "just before the start"}${events_missing ? ", where events are missing" : ""}: ${near.join(" and ")}`];
  },
  "set-off-by": (c) =>
    say`${ACTS[c.act]} was ${c.linked ? "" : "likely "}set off by ${originEn(c)} (${followed(whatOf(c))}${c.linked ? "linked, " : ""}${span(Math.abs(c.delay_ms))} ${c.delay_ms >= 0 ? "before" : "after"} it${c.linked ? "" : ", matched by time"})`,
  "notification-itself": ({ what }) => say`what set it off is that notification itself${bracketed(what ? [name(what)] : none)}, by time`,
  "nothing-set-off": (c) => [`nothing that was watched set ${ACTS[c.act]} off in the ${general(c.lag_s)} s before it`],
  "trigger-unknown": ({ reason }) => [`what set it off is unknown: ${UNKNOWN[reason]}`],
  "resumed-by": (c) => say`an older task went on with a value of ${originEn(c)}${bracketed(whatOf(c))} here, which is not its cause`,
  "watched-briefly": ({ watched_ms }) => [`the process was watched for only ${span(watched_ms)} before that`],
  "origins-not-watched": ({ sources }) => [`not watched in that process: ${sources.map((source) => SOURCES[source]).join(" and ")}`],
  "handoff-not-followed": ({ symbols, more }) =>
    say`work that was handed on could not be followed everywhere in that process, so a link can be missing: ${names(symbols, ", ")}${more ? ` and ${more} more` : ""}`,
  "triggers-by-chance": ({ p }) => [`this app's triggers by time are no better than chance (p = ${fixed(p, 2)})`],
  "furthest-seen": (c) =>
    say`the furthest step seen ${window_(c.window)} was ${DEPTHS[c.depth]}, ${times(c.count)}, first at ${clock(c.at, c.other_day ?? false)}${c.symbol ? say` (${name(c.symbol)})` : none}, app state ${c.state}`,
  "nothing-seen": (c) => [`no opening, query, read or notification of the app was seen ${window_(c.window)}`],
  "not-watched-then": (c) => [`the app was not watched ${window_(c.window)}`],
  "other-process-went": (c) => say`${process(c.process)} was seen to go as far as ${DEPTHS[c.depth]} in that time, ${times(c.count)}`,
  "upload-asked": ({ count, hosts = [], more, nameless, also_read, process: who }) =>
    say`in that time ${who ? process(who) : "the app"} asked iOS ${times(count)} to upload photos${hosts.length ? say` to ${names(hosts, ", ")}${more ? ` and ${more} more ${more === 1 ? "host" : "hosts"}` : ""}` : none}${nameless ? ` (${nameless} without a host that was seen)` : ""}: no byte of such an upload passes through its process${also_read ? ", but it also requested photos itself then" : ""}; whether iOS sent anything was not seen`,
  "host-contacted": ({ app, host, count, first: from, last }) =>
    say`by the report, ${name(app)} also contacted ${name(host)} ${times(count)}, from ${minute(from)} to ${minute(last)}: a coincidence in time, which does not show that a photo was sent`,
  "read-otherwise": ({ reasons, count }) => [`in that time the app also queried or read ${times(count)}, set off by ${reasons.map((reason) => REASONS[reason]).join(", ")}`],
  "properties-read": ({ properties, more }) =>
    say`in that time the app read ${joined(properties.map(property), ", ")}${more ? ` and ${more} more ${more === 1 ? "property" : "properties"}` : ""}`,
  "picker-loads": ({ count }) => [`in that time the app also loaded ${times(count)} what a person had chosen in a picker: within that choice, and outside the ladder`],
  "partly-watched": ({ percent }) => [`${percent ? `only ${percent} %` : "less than 1 %"} of that time was watched`],
  "lines-contradict": ({ about }) => [`the report's lines contradict each other on ${about.map((one) => ABOUT[one]).join(" and ")}, so only the time on which they agree was counted`],
  "near-others-too": ({ others }) => [`what was seen near its start is near ${others === 1 ? "another entry" : `${others} other entries`} too, so which of them it belongs to is not known`],
  "twin-near": () => ["another entry of this app begins within 2 s of it, and both can come from one act"],
  "unwatched-before": ({ whole_ms, unseen_ms }) => [`${span(unseen_ms)} of the ${span(whole_ms)} before the start were not watched, so what made the entry may have been missed`],
  "events-may-be-missing": () => ["the recording's file is damaged, cut or unfinished there, so events of that time may be missing"],
  "idle-timer-length": () => ["its length is that of Apple's idle timer after one access or a short burst, and says nothing about reads"],
  "chance-no-better": ({ p }) => [`this app's matches by time are no better than chance (p = ${fixed(p, 2)})`],
  "not-hooked": ({ symbols, more, in_part = [] }) => {
    const never = symbols.length ? say`could not be hooked, so not ruled out: ${names(symbols, ", ")}` : none;
    const part = in_part.length ? say`hooked for part of the time only, so not ruled out: ${names(in_part, ", ")}` : none;
    return say`${never}${symbols.length && in_part.length ? "; " : ""}${part}${more ? ` and ${more} more` : ""}`;
  },
  "others-not-watched": ({ processes }) => say`not watched: ${joined(processes.map(process), " and ")}`,
  unconfirmed: ({ assumptions }) => [`not confirmed on a phone: ${numbered(assumptions)}`],
  refuted: ({ assumptions }) => [`refuted on a phone, and taken into account: ${numbered(assumptions)}`],
  "stamps-before-call": () => ["the report was found to stamp entries before the call too, so being near in time says less"],

  "no-time-in-common": ({ report }) => [
    `The sessions and the report do not overlap in time (${report ? `report: ${report[0]} to ${report[1]}` : "the report names no time"}): export the report after the recording, within seven days.`,
  ],
  "no-entry-of-apps": ({ apps }) =>
    say`The report has no photos entry of ${names(apps, ", ")}: check that app activity was being recorded, that the report is from this device, and the name of the app.`,
  "apps-not-watched": ({ apps }) => say`No process of ${names(apps, ", ")} was watched in these sessions, so its entries are unobserved: record it, or add the session that has it.`,
  "assumptions-of-other-system": ({ tested, recorded }) =>
    say`The field test was made on iOS ${name(tested)}, a session on iOS ${names(recorded, ", ")}: what holds there may not hold here; run lightleak fieldtest on this device.`,
  "several-devices": ({ models }) =>
    say`The sessions are of several devices (${names(models, ", ")}), and a report is of one: what was watched on another device explains none of its entries; compare only the sessions of that device.`,
  "events-unreadable": ({ count }) => [
    `${count === 1 ? "One event" : `${count} events`} without readable numbers and clocks (segment, seq, wall_ns, mono_ns) ${count === 1 ? "was left out and leaves" : "were left out and leave"} a gap: run lightleak verify on the session.`,
  ],
  "events-of-unknown-kinds": ({ kinds, count, more }) => say`${count === 1 ? "One event is" : `${count} events are`} of a kind that this version does not know (${names(kinds, ", ")}${more ? ` and ${more} more` : ""}), ${NOT_COUNTED}`,
  "accesses-of-unknown-depths": ({ count }) => [`${count === 1 ? "One access has" : `${count} accesses have`} a depth that this version does not know, or none, ${NOT_COUNTED}`],
  "events-before-phones": ({ count }) => [
    `${count === 1 ? "One event was" : `${count} events were`} stamped before 2007, so the device's wall clock was not known there, and nothing can be matched by time: set the device's clock, or import the trace with its real wall_ns.`,
  ],
  "runs-in-silence": ({ count, start, end }) => [
    `${count} of the runs under no entry ${are(count)} in a time for which the report has no record of any app, the first between ${minute(start)} and ${minute(end)}. The App Privacy Report may have been off then, so that an entry that is missing there says nothing: check that the report was on.`,
  ],
  "recorded-twice": ({ app, pid, segments, overlap_ms }) =>
    say`Process ${pid} of ${name(app)} was recorded twice at the same time, in segments ${segments[0]} and ${segments[1]} (${span(overlap_ms)}): what both saw is counted twice; for figures, compare only one of the two.`,
  "identifiers-unknown": ({ count }) => [
    `None of the ${count} identifiers that the apps' accounting logged in the report's time is in the report: it is from another device, or Apple's accounting works differently on this iOS; compare with the report of the recorded device.`,
  ],
  "report-from-other-zone": ({ report_s, device_s }) => [
    `The report is written in the time zone ${zone(report_s)}, the device was in ${zone(device_s)}: it was exported elsewhere, or is from another device; verdicts do not depend on the zone, but night hours do.`,
  ],
  "lag-not-fitted": ({ matches, needed, used_s }) => [
    `The lag could not be fitted: ${matches} entries were matched by identifier, ${needed} are needed, so the default of ${general(used_s)} s was used.`,
  ],
  "lag-fitted": ({ used_s, matches, left_out, longest_ms, identifier }) =>
    say`The lag was fitted to ${general(used_s)} s, from ${matches} entries that were matched by identifier; ${counted(left_out, "outlier")} ${left_out === 1 ? "was" : "were"} left out, the furthest ${span(Math.abs(longest_ms))} ${longest_ms < 0 ? "before" : "after"} the accounting (entry ${name(identifier)}).`,
  "triggers-no-better": ({ apps }) =>
    say`What set acts of ${names(apps, ", ")} off by time is no better than chance: claims count such triggers as fits_by_time or contradicts, and they prove nothing; go by those with a link.`,
  "cut-tail": ({ file, bytes }) => say`${counted(bytes, "byte")} at the end of ${name(file)} ${are(bytes)} an incomplete frame and lost`,
  "damaged-stretch": ({ file, bytes, offset, events_lost }) =>
    say`${counted(bytes, "byte")} of ${name(file)} from byte ${offset} on ${are(bytes)} damaged: ${counted(events_lost, "event")} lost, everything before and after is kept`,
  "unknown-zone": ({ file, zone }) => say`the time zone ${name(zone)} of ${name(file)} is not known here: times are shown in UTC`,
  "not-a-phone": ({ file, device }) =>
    say`${name(file)} was recorded on ${device === "virtual" ? "a virtual device" : "a simulator"}, which is not a phone: what an app did there need not be what it does on a phone`,
  "odd-values": ({ file, key, count }) =>
    say`${count === 1 ? "1 value" : `${count} values`} of ${name(key)} in ${name(file)} ${count === 1 ? "is of another type than that key has, and is" : "are of other types than that key has, and are"} read as absent`,
  "no-closing-seal": ({ file, has_events = true, last: event }) => {
    const last = !has_events ? "there is no event" : event ? `the last event is segment ${event[0]}, seq ${event[1]}` : "the last line is not an event";
    return say`${name(file)} has no closing seal: its recorder was killed or is still writing, or the file was cut; all complete data is there, ${last}`;
  },
};

export const assumptionsEn: Assumptions = {
  identifier_is_shown: "the identifier that an app's accounting logs is the one that the report shows",
  query_makes_entry: "a query makes an entry, through the accounting of the app's own process",
  registration_opens: "registering an observer opens the library",
  opening_makes_entry: "opening the library makes an entry of its own, by assetsd",
  delivery_makes_entry: "the delivery of a change notification can make an entry",
  reads_make_no_entry: "reading pixels or bytes makes no entry of its own",
  idle_timer_closes: "an entry ends 60 to 75 s after the last access",
  stamp_is_later: "the report stamps at or after the call, by seconds at most",
  picker_marks_choice: "the picker's rows are marked, and written only when something was chosen",
  extension_has_own_rows: "an extension's access is reported under its own identifier",
};
