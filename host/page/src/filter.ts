// Which entries the table shows: the reader's choices, and the controls to make them.
import { stateOf } from "./claims";
import type { Facts } from "./data";
import { h } from "./dom";
import { t, word, type Key } from "./text";
import { PARTS, partOf, triggerOf, triggerWord } from "./trigger";

/** Each is a word of the data, or empty for any. A trigger can have its certainty after a colon. */
export type Choice = Record<"cause" | "trigger" | "part" | "depth" | "state" | "app", string>;

type Name = keyof Choice;
type Options = [value: string, text: string][];

const LABELS: Record<Name, Key> = { cause: "entry.cause", trigger: "entry.trigger", part: "entry.part", depth: "entry.depth", state: "entry.state", app: "entry.app" };

export class Filter {
  /** Controls with their labels, in the order in which they are shown. */
  readonly fields: HTMLElement[];
  private readonly search: HTMLInputElement;
  private readonly lists: Partial<Record<Name, HTMLSelectElement>> = {};

  constructor(
    private readonly facts: Facts,
    private readonly textOf: (entry: number) => string,
    change: () => void,
  ) {
    this.search = h("input", { type: "search", id: "search", input: change });
    const field = (id: string, key: Key, control: HTMLElement) => h("div", { class: "field" }, h("label", { for: id }, t(key)), control);
    this.fields = [field("search", "entries.search", this.search)];
    const options = this.options();
    for (const name of Object.keys(LABELS) as Name[]) {
      if (name === "app" && facts.apps.length < 2) continue;
      const all = h("option", { value: "" }, t("entries.any"));
      const list = h("select", { id: `choose-${name}`, change }, all, ...options[name].map(([value, text]) => h("option", { value }, text)));
      this.lists[name] = list;
      this.fields.push(field(list.id, LABELS[name], list));
    }
  }

  /** Choose this, and nothing else. */
  set(choice: Partial<Choice>): void {
    this.search.value = "";
    for (const [name, list] of Object.entries(this.lists)) list.value = choice[name as Name] ?? "";
  }

  /** Return what holds for the entries that are to be shown. Words of the search are all to be found, in any order. */
  condition(): (entry: number) => boolean {
    const { facts } = this;
    const { entries, words, apps } = facts;
    const chosen = (name: Name) => this.lists[name]?.value ?? "";
    const [cause, trigger, part, depth, state, app] = (["cause", "trigger", "part", "depth", "state", "app"] as const).map(chosen);
    const wanted = this.search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    return (entry) =>
      (!cause || words.causes[entries.cause[entry]] === cause) &&
      (!depth || words.depths[entries.depth[entry]] === depth) &&
      (!state || stateOf(facts, entry) === state) &&
      (!app || apps[entries.app[entry]].id === app) &&
      (!part || partOf(facts, entry) === part) &&
      (!trigger || keysOf(facts, entry).includes(trigger)) &&
      wanted.every((text) => this.textOf(entry).includes(text));
  }

  private options(): Record<Name, Options> {
    const { facts } = this;
    const { entries, words, apps } = facts;
    const all = [...entries.cause.keys()];
    const present = (list: readonly string[], of: (entry: number) => string) => {
      const found = new Set(all.map(of));
      return list.filter((one) => found.has(one));
    };
    const named = (kind: string, list: readonly string[], of: (entry: number) => string): Options => present(list, of).map((one) => [one, word(kind, one)]);
    return {
      cause: named("cause", words.causes, (entry) => words.causes[entries.cause[entry]]),
      trigger: this.triggers(all),
      part: named("part", PARTS, (entry) => partOf(facts, entry)),
      depth: named("depth", words.depths, (entry) => words.depths[entries.depth[entry]]),
      state: named("state", entries.state_words, (entry) => stateOf(facts, entry)),
      app: apps.map(({ id }) => [id, id]),
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
