// What may be written, in English: the same words as lightleak/comparator/explain/quotes.py. tests/page/quotes.test.mjs compares the two.
import type { OtherProcess } from "../clauses.gen";
import type { QuoteOf, QuoteTexts } from "../quotes";
import { grouped, minute, tenths } from "../quotes";
import { process } from "./clauses";
import { ORIGINS } from "../origins";
import { fixed, general, joined, name, say, type Text } from "../words";

const share = (part: number) => tenths(part, "less than 0.1%");
const plural = (count: number, one: string, many = `${one}s`) => `${grouped(count)} ${count === 1 ? one : many}`;
const these = (count: number, one: string, many?: string) => (count === 1 ? `the ${one}` : `the ${plural(count, one, many)}`);
const is = (count: number) => (count === 1 ? "is" : "are");
const was = (count: number) => (count === 1 ? "was" : "were");
const list = (parts: Text[]) => joined(parts, ", ", " and ");

const READS = { thumbnail: "request thumbnails", data: "request photos or video larger than thumbnails", upload: "ask iOS to upload photos (no byte of an upload passes through the app)" };
const STATES = { active: "in the foreground", background: "in the background" };
const LINKS = { link: " (linked)", time: " (likely)", chance: " (may be chance)", none: "" };
const SET_OFF_BY = { ...ORIGINS.en, none: "nothing that was watched", unknown: "something that is not known" };
const SOURCES = { changes: "change notifications", inputs: "touches", wakes: "wake-ups and launches", handoffs: "handed-on work" };

function answered({ answer, count, entries }: QuoteOf<"claim-answered">): string {
  const whole = `${plural(entries, "entry", "entries")} in the background`;
  const among = `${count} of ${whole}`;
  const one = count === 1;
  return {
    untested: "No entry is known to be in the background: the claim is not tested.",
    no: `The claim does not hold: ${among} ${is(count)} linked to something else.`,
    unexplained: `The claim does not explain ${among}: no change notification was seen to set ${one ? "it" : "them"} off, by link or shortly before.`,
    doubt: `The claim is in doubt: ${among} ${was(count)} likely set off by something else.`,
    open: `The claim is not proven: for ${among} it is not known what set them off.`,
    missed: `The claim is not proven: for ${among} no trigger was seen, and not all was watched.`,
    chance: `The claim is not proven: for ${among} what came shortly before may be chance.`,
    otherwise: `The claim is not proven: under ${among} the app also read for another or an unknown reason.`,
    unlinked: `The claim is not proven: in the background the app also queried or read ${one ? "once" : `${count} times`} under no entry, and no link shows that a change set ${one ? "that" : "these"} off.`,
    opens: "The claim is not tested: in the background the app only opened the library.",
    likely: `The claim is likely for what was recorded: ${among} fit by time only.`,
    holds: `The claim holds for what was recorded: ${whole}, none set off by anything but change notifications.`,
    "holds-but-opens": `The claim holds for what was recorded: of ${whole}, ${count} ${was(count)} set off by change notifications only, and the rest only opened the library.`,
  }[answer];
}

function matched({ app, identifier, time }: QuoteOf<"matched">): Text {
  const parts: Text[] = [];
  if (identifier) parts.push(say`${plural(identifier, "entry", "entries")} of ${name(app)} ${is(identifier)} joined to the recording by the identifier in Apple’s own accounting`);
  if (time) parts.push(say`${identifier ? grouped(time) : say`${plural(time, "entry", "entries")} of ${name(app)}`} ${is(time)} joined by time only, which is likely and not certain`);
  return [...joined(parts, "; "), "."];
}

function runsExpected({ app, runs, assumption, known = null }: QuoteOf<"runs-expected">): Text {
  const seen = say`${plural(runs, "run")} of reads by ${name(app)} ${was(runs)} seen that no entry covers`;
  if (known === false) return say`${seen}; why is not known, because a phone refuted assumption ${assumption}.`;
  return say`${seen}, as is expected: reading pixels writes no entry of its own (assumption ${assumption}, ${known ? "confirmed" : "not confirmed"} on a phone); it is no sign of evasion.`;
}

const other = (one: OtherProcess): Text =>
  one.kind === "perhaps-extension" ? say`${name(one.identifier ?? "")} (which may be its extension)` : one.kind === "extensions" ? ["the app’s extensions"] : process(one);

const uncounted = (elsewhere: number) => (elsewhere ? `; ${plural(elsewhere, "entry", "entries")} in several states, or in an unknown one, ${is(elsewhere)} not counted` : "");

export const quotesEn: QuoteTexts = {
  "report-lists": (q) =>
    say`Apple’s privacy report of ${minute(q.start)} to ${minute(q.end)} lists ${plural(q.entries, "photos entry", "photos entries")} for ${name(q.app)}; the app was watched during ${share(q.share)} of that time.`,
  "entries-with-reads": (q) =>
    say`During ${q.of === 1 ? "the one photos entry" : `${grouped(q.count)} of the ${plural(q.of, "photos entry", "photos entries")}`} of ${name(q.app)}, or up to ${general(q.lag_s)} s before, the app was seen to ${READS[q.depth]} ${STATES[q.state]}${q.night ? ` (${q.night} of them between midnight and 6:00, wholly or in part)` : ""}; it was watched during ${share(q.share)} of the report’s time.`,
  "set-off-with-reads": (q) =>
    say`What set off the act behind ${these(q.count, "entry", "entries")} during which ${name(q.app)} was seen to request photos or thumbnails${q.uploads ? ", or to ask iOS to upload photos," : ""} in the background: ${list(q.set_off.map((one) => [`${grouped(one.count)} by ${SET_OFF_BY[one.kind]}${LINKS[one.by]}`]))}${q.otherwise ? `; under ${grouped(q.otherwise)} of them the app also queried or read for another or an unknown reason` : ""}.`,
  "reads-in-background": (q) =>
    say`The recording has ${plural(q.count, "call")} of ${name(q.app)} in the background to ${READS[q.depth]}${q.night ? `, ${grouped(q.night)} of them between midnight and 6:00` : ""}; the first at ${q.first.slice(0, 10)} ${q.first.slice(11, 23)}.`,
  "no-read-in-background": (q) =>
    say`${name(q.app)} was not seen to request a photo or a thumbnail in the background; it was watched during ${share(q.share)} of the report’s time${q.missing ? `, with ${plural(q.missing, "probe")} missing in some processes` : ""}.`,
  "claim-answered": (q) => say`Tested: “${name(q.app)} reads in the background only because iOS notifies it of changes.” ${answered(q)} It was watched during ${share(q.share)} of the report’s time${uncounted(q.elsewhere)}.`,
  matched,
  "runs-expected": runsExpected,
  "runs-with-queries": ({ app, runs }) =>
    say`${plural(runs, "run")} of accesses by ${name(app)} that no entry covers ${runs === 1 ? "has" : "have"} queries, too; why the report has no entry for ${runs === 1 ? "it" : "them"} is not known.`,

  "only-these": (q) => say`That ${name(q.app)} did no more than this: it was watched during ${share(q.share)} of the report’s time, and nothing is known of the rest.`,
  "nothing-else": ({ probes }) => [
    `That the app did nothing else while it was watched: ${plural(probes, "probe")} ${was(probes)} missing in some processes, and what ${probes === 1 ? "it" : "they"} would have seen is not ruled out.`,
  ],
  "certain-by-time": ({ count, lag_s }) => [`That ${these(count, "entry", "entries")} matched by time ${is(count)} certain: ${general(lag_s)} s or less apart is likely, not proof.`],
  "matches-by-chance": ({ p }) => [`That the matches by time prove anything: they are no better than chance (p = ${fixed(p, 2)}).`],
  "triggers-by-time-prove": ({ p }) => [`That the triggers by time prove anything: they are no better than chance (p = ${fixed(p, 2)}).`],
  "causes-known": ({ unobserved, unexplained }) => {
    const parts: Text[] = [];
    if (unobserved) parts.push([`just before ${grouped(unobserved)} of them the app was not watched`]);
    if (unexplained) parts.push([`${grouped(unexplained)} of them nothing that was seen explains`]);
    return say`Why all of its entries exist: ${list(parts)}.`;
  },
  "others-in-foreground": ({ mixed, unknown }) => {
    const parts: Text[] = [];
    if (mixed) parts.push([`${grouped(mixed)} ${is(mixed)} in several states`]);
    if (unknown) parts.push([`of ${grouped(unknown)} the state is not known`]);
    return say`That each other entry is of the foreground: ${list(parts)}.`;
  },
  "entry-is-read": ({ entries, reads, uploads }) => [
    `That each entry is a photo that was read: during ${grouped(reads)} of ${grouped(entries)} a request for photos or thumbnails${uploads ? ", or for an upload by iOS," : ""} was seen, and Apple’s report does not distinguish pixels from metadata.`,
  ],
  "nothing-triggered": ({ sources }) => say`That nothing set off what has no trigger: not or not fully watched were ${list(sources.map((source) => [SOURCES[source]]))}.`,
  "report-hides": ({ app, runs }) => say`That Apple’s report hides ${these(runs, "run")} of accesses, or that ${name(app)} evades the report: an entry is not expected for each read.`,
  "photo-sent": ({ uploads }) => [
    uploads
      ? `That a photo arrived anywhere: during ${plural(uploads, "entry", "entries")} the app asked iOS to upload; what left the device was not seen.`
      : "That a photo was sent anywhere: what left the device was not seen, and the report’s network rows do not show it.",
  ],
  "nothing-lost": ({ count }) => [`That everything was recorded: ${plural(count, "event")} ${was(count)} lost.`],
  "others-did-nothing": ({ processes }) => say`That nothing else acted for the app: ${list(processes.map(other))} ${was(processes.length === 1 && processes[0].kind !== "extensions" ? 1 : 2)} not watched all the time.`,
  "phone-confirmed": ({ assumptions }) => [`That a phone confirmed the rules: they rest on ${plural(assumptions, "assumption")} about iOS that no phone has confirmed.`],
  "real-phone": ({ system, device }) => {
    const made = "That an iPhone did this: the recording was made on";
    if (!device) return say`${made} ${name(system ?? "")}.`;
    const on = device === "virtual" ? "a virtual device" : "a simulator";
    return system ? say`${made} ${on} (${name(system)}).` : say`${made} ${on}.`;
  },
  "why-never-watched": ({ app, entries }) => say`Anything on why ${these(entries, "entry", "entries")} of ${name(app)} ${entries === 1 ? "exists" : "exist"}: no process of the app was recorded.`,
};

