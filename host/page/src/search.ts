// The search: what a row shows, in the language shown and in the other, and the events that an entry names.
import { citing, clausesOf, eventNumber, type Details, type Facts } from "./data";
import { duration, type Clock } from "./format";
import { brief, why } from "./sentence";
import { inEachLanguage, word } from "./text";
import { plain } from "./text/words";
import { triggerSearch } from "./trigger";

const REFERENCE = /^\d+:\d+:\d+$/;

export class Search {
  details: Details | null = null;
  private readonly texts: (string | undefined)[] = [];

  constructor(
    private readonly facts: Facts,
    private readonly clock: Clock,
  ) {}

  /** Return what holds for the entries in which every word is found, in any order. An event's name finds the entries that name it. */
  condition(text: string): (entry: number) => boolean {
    const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const references = words.filter((one) => REFERENCE.test(one)).map((one) => this.citing(one));
    const others = words.filter((one) => !REFERENCE.test(one));
    return (entry) => references.every((found) => found.has(entry)) && (!others.length || others.every((one) => this.textOf(entry).includes(one)));
  }

  private citing(reference: string): Set<number> {
    const event = this.details && eventNumber(this.details, reference);
    return event === null || !this.details ? new Set() : citing(this.details, event);
  }

  private textOf(entry: number): string {
    // A search needs the text again for each letter typed, so it is kept once the details are there.
    if (!this.details) return this.written(entry);
    return (this.texts[entry] ??= this.written(entry));
  }

  private written(entry: number): string {
    const { entries, words, apps } = this.facts;
    const cause = words.causes[entries.cause[entry]];
    const [depth, state, match] = [words.depths[entries.depth[entry]], entries.state_words[entries.state[entry]], words.matches[entries.match[entry]]];
    const flags = entries.flag_words.filter((_, bit) => (entries.flags[entry] >> bit) & 1);
    const [begin, end] = [entries.begin[entry], entries.end[entry]];
    const shown = inEachLanguage(() => [
      word("cause", cause),
      word("depth", depth),
      word("state", state),
      word("match", match),
      triggerSearch(this.facts, entry),
      ...flags.map((flag) => word("flag", flag)),
      begin !== null && end !== null ? duration(end - begin, true) : "",
      brief(entries.briefs[entries.brief[entry]]),
      this.details ? plain(why(clausesOf(this.details, entry))) : "",
    ]);
    const moment = begin === null ? "" : this.clock.moment(begin, entries.offset_s[entry]);
    return [entries.identifier[entry], apps[entries.app[entry]].id, cause, depth, state, ...flags, moment, ...shown.flat()].join(" ").toLowerCase();
  }
}
