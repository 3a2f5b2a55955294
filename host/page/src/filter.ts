// Which entries the page shows: the reader's choices, and the controls to make them.
import { EVERYTHING, type Choice, type Name } from "./address";
import { stateOf } from "./claims";
import type { Facts } from "./data";
import { h } from "./dom";
import type { Clock } from "./format";
import type { Search } from "./search";
import { t, word, type Key } from "./text";
import { PARTS, partOf, triggerOf, triggerWord } from "./trigger";

type ListName = Exclude<Name, "q" | "from" | "to">;
type Options = [value: string, text: string][];

const LABELS: Record<Name, Key> = {
  q: "entries.search",
  depth: "entry.depth",
  state: "entry.state",
  night: "filter.night",
  trigger: "entry.trigger",
  cause: "entry.cause",
  match: "entry.match",
  part: "entry.part",
  app: "entry.app",
  from: "filter.from",
  to: "filter.to",
};
/** The lists, in the order in which they are shown. */
const LISTS: ListName[] = ["app", "depth", "state", "night", "trigger", "cause", "match", "part"];
/** The state of entries that were in the background, in part too. */
export const TOUCHED_BACKGROUND = "background+";

/** Return what holds for the entries of a choice. A word that the data does not have holds for none. */
export function matching(facts: Facts, clock: Clock, search: Search, choice: Choice): (entry: number) => boolean {
  const { entries, words, apps } = facts;
  const { q, cause, trigger, part, depth, state, night, match, app, from, to } = choice;
  const found = search.condition(q);
  const day = (entry: number) => (entries.begin[entry] === null ? null : clock.day(entries.begin[entry]!, entries.offset_s[entry]));
  return (entry) =>
    (!cause || words.causes[entries.cause[entry]] === cause) &&
    (!depth || words.depths[entries.depth[entry]] === depth) &&
    (!state || (state === TOUCHED_BACKGROUND ? entries.background[entry] === 1 : stateOf(facts, entry) === state)) &&
    (!night || (entries.night[entry] ? "yes" : "no") === night) &&
    (!match || words.matches[entries.match[entry]] === match) &&
    (!app || apps[entries.app[entry]].id === app) &&
    (!part || partOf(facts, entry) === part) &&
    (!trigger || keysOf(facts, entry).includes(trigger)) &&
    ((!from && !to) || within(day(entry), from, to)) &&
    found(entry);
}

const within = (day: string | null, from: string, to: string) => day !== null && (!from || day >= from) && (!to || day <= to);

export class Filter {
  choice: Choice = { ...EVERYTHING };
  /** Controls with their labels, in the order in which they are shown. */
  readonly fields: HTMLElement[];
  readonly search: HTMLElement;
  private readonly controls = {} as Record<Name, HTMLInputElement | HTMLSelectElement>;
  private readonly options: Record<ListName, Options>;

  /** `change` gets the new choice, and whether it is still being typed. */
  constructor(
    private readonly facts: Facts,
    private readonly change: (choice: Choice, typing: boolean) => void,
  ) {
    this.options = this.present();
    this.search = this.field("q", h("input", { type: "search", id: "search", input: () => this.changed(true) }));
    const lists = LISTS.filter((name) => name !== "app" || facts.apps.length > 1).map((name) => {
      const options = this.options[name].map(([value, text]) => h("option", { value }, text));
      return this.field(name, h("select", { id: `choose-${name}`, change: () => this.changed(false) }, h("option", { value: "" }, t("entries.any")), ...options));
    });
    const days = (["from", "to"] as const).map((name) => this.field(name, h("input", { type: "date", id: `choose-${name}`, change: () => this.changed(false) })));
    this.fields = [...lists, ...days];
  }

  /** Show this choice in the controls. */
  set(choice: Choice): void {
    this.choice = choice;
    for (const [name, control] of Object.entries(this.controls)) control.value = choice[name as Name];
  }

  /** Return each choice that was made, in words. */
  inWords(): { name: Name; text: string }[] {
    const made = (Object.keys(LABELS) as Name[]).filter((name) => this.choice[name]);
    return made.map((name) => ({ name, text: `${t(LABELS[name])}${t("page.colon")}${this.wordOf(name, this.choice[name])}` }));
  }

  private wordOf(name: Name, value: string): string {
    const known = name in this.options ? this.options[name as ListName].find(([one]) => one === value) : null;
    return known ? known[1] : name === "q" ? `“${value}”` : value;
  }

  private field(name: Name, control: HTMLInputElement | HTMLSelectElement): HTMLElement {
    this.controls[name] = control;
    return h("div", { class: `field choose-${name}` }, h("label", { for: control.id }, t(LABELS[name])), control);
  }

  private changed(typing: boolean): void {
    const choice = { ...EVERYTHING };
    for (const [name, control] of Object.entries(this.controls)) choice[name as Name] = control.value;
    // A value that no control has, for an address can name anything, stays until its control is used.
    this.choice = choice;
    this.change(choice, typing);
  }

  private present(): Record<ListName, Options> {
    const { facts } = this;
    const { entries, words, apps } = facts;
    const all = [...entries.cause.keys()];
    const named = (kind: string, list: readonly string[], of: (entry: number) => string): Options => {
      const found = new Set(all.map(of));
      return list.filter((one) => found.has(one)).map((one) => [one, word(kind, one)]);
    };
    const states = named("state", entries.state_words, (entry) => stateOf(facts, entry));
    const touched = entries.background.some((one, entry) => one && stateOf(facts, entry) !== "background");
    return {
      app: apps.map(({ id }) => [id, id]),
      depth: named("depth", [...words.depths].reverse(), (entry) => words.depths[entries.depth[entry]]),
      state: touched ? [[TOUCHED_BACKGROUND, t("filter.background_in_part")], ...states] : states,
      night: [["yes", t("filter.at_night")], ["no", t("filter.by_day")]],
      trigger: this.triggers(all),
      cause: named("cause", words.causes, (entry) => words.causes[entries.cause[entry]]),
      match: named("match", words.matches, (entry) => words.matches[entries.match[entry]]),
      part: named("part", PARTS, (entry) => partOf(facts, entry)),
    };
  }

  /** Each trigger that there is, and with each certainty that it has. */
  private triggers(all: number[]): Options {
    const { words } = this.facts;
    const present = new Set(all.flatMap((entry) => keysOf(this.facts, entry)));
    const options = words.triggers.flatMap((kind): Options => [
      [kind, word("trigger", kind)],
      ...words.links.map((by): [string, string] => [`${kind}:${by}`, triggerWord({ kind, by }, "trigger.certain")]),
    ]);
    return options.filter(([value]) => present.has(value));
  }
}

/** Return by what an entry's trigger can be chosen. */
function keysOf(facts: Facts, entry: number): string[] {
  const { kind, by } = triggerOf(facts, entry);
  return kind === null ? [] : by === "none" ? [kind] : [kind, `${kind}:${by}`];
}
