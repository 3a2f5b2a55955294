// The table of entries, with filters, sorting and pages. A click on a row opens its entry. On a phone each row is a card.
import { EVERYTHING, type Choice, type Name } from "./address";
import { clausesOf, type Details, type Facts } from "./data";
import { append, appName, h, isNarrow, type Child } from "./dom";
import { Filter, matching } from "./filter";
import { Clock, duration, number } from "./format";
import { glyph } from "./glyphs";
import { term } from "./glossary";
import { onPaper } from "./paper";
import { Search } from "./search";
import { brief, element, why } from "./sentence";
import { t, type Key } from "./text";
import { tally } from "./tally";
import { triggerCell, triggerOf } from "./trigger";

const PAGE = 100;

type Column = { key: Key; after?: string; by: (entry: number) => number | string; number?: boolean };

export class EntriesTable {
  readonly element: HTMLElement;
  /** The entries of the choice, in the order of the table. */
  found: number[] = [];
  private details: Details | null = null;
  private readonly body = h("tbody", { role: "rowgroup" });
  private readonly range = h("p", { class: "shown" });
  private readonly tally = h("div", { class: "tally" });
  private readonly chips = h("ul", { class: "chips" });
  private readonly summary = h("div", { class: "summary", role: "status", tabindex: -1 }, this.range, this.tally);
  private readonly more = h("details", { class: "more" });
  private readonly columns: Column[];
  private readonly filter: Filter;
  private readonly search: Search;
  private readonly heads: HTMLElement[];
  private sorted = 0;
  private descending = false;
  private page = 0;
  private chosen: number | null = null;
  private printing = false;
  private readonly printNote = h("p", { class: "note print-note" });
  /** The time zone of all entries, which the column's head then shows once; null if they have several. */
  private readonly zone: string | null;

  /** `onChoice` gets what the reader chose, and whether it is still being typed. */
  constructor(
    private readonly facts: Facts,
    private readonly clock: Clock,
    private readonly choose: (entry: number) => void,
    private readonly onChoice: (choice: Choice, typing: boolean) => void,
  ) {
    const { entries, words, apps } = facts;
    const trigger = (entry: number) => triggerOf(facts, entry);
    const offsets = new Set(entries.offset_s);
    this.zone = offsets.size === 1 ? clock.zone(entries.offset_s[0]) : null;
    const length = (entry: number) => (entries.end[entry] ?? entries.until[entry]) - (entries.begin[entry] ?? 0);
    this.columns = [
      { key: "entry.start", ...(this.zone ? { after: ` (${this.zone})` } : {}), by: (entry) => entries.begin[entry] ?? Infinity },
      ...(apps.length > 1 ? [{ key: "entry.app" as Key, by: (entry: number) => apps[entries.app[entry]].id }] : []),
      { key: "entry.cause", by: (entry) => words.causes[entries.cause[entry]] },
      { key: "entry.depth", by: (entry) => entries.depth[entry] },
      { key: "entry.trigger", by: (entry) => `${entries.trigger[entry] ?? 9}${trigger(entry).by}` },
      { key: "entry.state", by: (entry) => entries.state_words[entries.state[entry]] },
      { key: "entry.brief", by: (entry) => brief(entries.briefs[entries.brief[entry]]) },
      { key: "entry.length", by: length, number: true },
      { key: "entry.flags", by: (entry) => entries.flags[entry] },
    ];
    this.search = new Search(facts, clock);
    this.filter = new Filter(facts, (choice, typing) => this.onChoice(choice, typing));
    this.heads = this.columns.map((column, at) =>
      h("th", { scope: "col", role: "columnheader", class: column.number ? "number" : null }, h("button", { type: "button", class: "sort", click: () => this.sort(at) }, t(column.key), column.after, h("span", { class: "arrow", "aria-hidden": "true" }))),
    );
    this.element = entries.cause.length ? this.withFilters() : h("p", {}, t("entries.none"));
    this.update();
  }

  /** Add what is read after the first paint; the search then finds more. */
  addDetails(details: Details): void {
    this.details = this.search.details = details;
    if (this.filter.choice.q) this.update();
  }

  markChosen(entry: number | null): void {
    if (entry === this.chosen) return;
    this.chosen = entry;
    const at = entry === null ? -1 : this.found.indexOf(entry);
    if (at >= 0) this.page = Math.floor(at / PAGE);
    this.fill();
  }

  /** Show the entries of a choice only. */
  show(choice: Choice): void {
    this.filter.set(choice);
    this.update();
  }

  /** Return the choice in words. */
  inWords(): string {
    return this.filter.inWords().map(({ text }) => text).join(t("claim.semicolon"));
  }

  /** Move the focus to how many entries there are, and what set them off. */
  focus(): void {
    this.summary.focus({ preventScroll: true });
  }

  /** Move the focus to an entry's row. Return whether the table shows it. */
  focusRow(entry: number): boolean {
    const row = this.body.querySelector<HTMLElement>(`tr[data-entry="${entry}"]`);
    row?.scrollIntoView({ block: "center" });
    row?.querySelector<HTMLElement>("button.open")?.focus({ preventScroll: true });
    return row !== null;
  }

  setPrinting(printing: boolean): void {
    this.printing = printing;
    this.fill();
  }

  private withFilters(): HTMLElement {
    const turnPage = (by: number) => () => {
      this.page += by;
      this.fill();
    };
    append(this.more, h("summary", {}, t("filter.more")), h("div", { class: "filters" }, ...this.filter.fields));
    // A narrow screen has no room for ten controls before the first entry.
    this.more.open = !isNarrow();
    return h(
      "div",
      {},
      h("div", { class: "filters" }, this.filter.search, h("button", { type: "button", class: "clear", click: () => this.onChoice({ ...EVERYTHING }, false) }, t("entries.clear"))),
      this.more,
      this.chips,
      this.summary,
      this.printNote,
      h(
        "div",
        { class: "scroller", tabindex: 0, role: "group", "aria-label": t("entries.caption") },
        // The roles stay what they are where the style sheet makes cards of rows.
        h("table", { class: "entries", role: "table" }, h("caption", { class: "hidden" }, t("entries.caption")), h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...this.heads)), this.body),
      ),
      h("div", { class: "pages" }, h("button", { type: "button", class: "earlier", click: turnPage(-1) }, t("entries.earlier")), h("button", { type: "button", class: "later", click: turnPage(1) }, t("entries.later"))),
    );
  }

  private sort(column: number): void {
    this.descending = this.sorted === column ? !this.descending : false;
    this.sorted = column;
    this.update();
  }

  private update(): void {
    const { by } = this.columns[this.sorted];
    const direction = this.descending ? -1 : 1;
    this.found = [...this.facts.entries.cause.keys()].filter(matching(this.facts, this.clock, this.search, this.filter.choice)).sort((a, b) => {
      const [x, y] = [by(a), by(b)];
      return direction * (x < y ? -1 : x > y ? 1 : 0) || a - b;
    });
    this.page = 0;
    this.fill();
  }

  private fill(): void {
    const last = Math.max(Math.ceil(this.found.length / PAGE) - 1, 0);
    this.page = Math.min(Math.max(this.page, 0), last);
    const from = this.page * PAGE;
    const paper = this.printing ? onPaper(this.facts, this.found) : null;
    const rows = paper ?? this.found.slice(from, from + PAGE);
    this.body.replaceChildren();
    append(this.body, ...rows.flatMap((entry) => (this.printing ? [this.row(entry), this.explanation(entry)] : [this.row(entry)])));
    const choices = this.filter.inWords();
    this.printNote.textContent = this.printing ? this.leftOut(rows.length, choices.map(({ text }) => text)) : "";
    this.range.textContent = rows.length ? t("entries.shown", { from: number(from + 1), to: number(from + rows.length), n: number(this.found.length) }) : t("entries.no_match");
    this.tally.replaceChildren();
    append(this.tally, ...tally(this.facts, this.found));
    this.chips.replaceChildren(...choices.map(({ name, text }) => h("li", {}, h("button", { type: "button", class: "chip", "aria-label": t("filter.remove", { choice: text }), click: () => this.without(name) }, text, h("span", { "aria-hidden": "true" }, " ✕")))));
    this.chips.hidden = !choices.length;
    this.heads.forEach((head, at) => {
      if (at === this.sorted) head.setAttribute("aria-sort", this.descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    this.element.querySelector<HTMLButtonElement>(".earlier")?.toggleAttribute("disabled", this.page === 0);
    this.element.querySelector<HTMLButtonElement>(".later")?.toggleAttribute("disabled", this.page === last);
    this.element.querySelector(".pages")?.toggleAttribute("hidden", last === 0);
  }

  private without(name: Name): void {
    this.onChoice({ ...this.filter.choice, [name]: "" }, false);
  }

  /** Say what the printed table leaves out. */
  private leftOut(printed: number, choices: string[]): string {
    const all = this.facts.entries.cause.length;
    const texts = [];
    if (choices.length) texts.push(t("print.filtered", { choices: choices.join(t("claim.semicolon")), n: number(this.found.length), all: number(all) }));
    if (printed < this.found.length) texts.push(t("entries.printed", { n: number(printed), all: number(this.found.length) }));
    return texts.join(" ");
  }

  private flags(entry: number): string[] {
    const { entries } = this.facts;
    return entries.flag_words.filter((_, bit) => (entries.flags[entry] >> bit) & 1);
  }

  private length(entry: number): string {
    const [begin, end] = [this.facts.entries.begin[entry], this.facts.entries.end[entry]];
    return begin !== null && end !== null ? duration(end - begin, true) : "–";
  }

  private explanation(entry: number): HTMLElement {
    return h("tr", { class: "explanation", role: "row" }, h("td", { role: "cell", colspan: this.columns.length }, this.details ? element(why(clausesOf(this.details, entry))) : ""));
  }

  private row(entry: number): HTMLElement {
    const { entries, words, apps } = this.facts;
    const begin = entries.begin[entry];
    const cause = words.causes[entries.cause[entry]];
    const when = begin === null ? t("entry.missing") : this.clock.moment(begin, entries.offset_s[entry]) + (this.zone ? "" : ` (${this.clock.zone(entries.offset_s[entry])})`);
    const flags = this.flags(entry).flatMap((flag, at): Child[] => [at ? t("page.comma") : null, term("flag", flag)]);
    const cells: Child[] = [
      h("button", { type: "button", class: "open", "aria-label": t("entries.open", { start: when }) }, when),
      ...(apps.length > 1 ? [appName(apps[entries.app[entry]].id)] : []),
      h("span", { class: "cause" }, glyph(cause), term("cause", cause)),
      term("depth", words.depths[entries.depth[entry]]),
      triggerCell(this.facts, entry),
      term("state", entries.state_words[entries.state[entry]]),
      h("span", { class: "brief" }, brief(entries.briefs[entries.brief[entry]])),
      this.length(entry),
      flags.length ? h("span", {}, ...flags) : null,
    ];
    return h(
      "tr",
      { class: entry === this.chosen ? "chosen" : null, role: "row", "data-entry": entry, click: () => this.choose(entry) },
      ...cells.map((cell, at) => h("td", { role: "cell", class: `${this.columns[at].key.replace("entry.", "of-")}${this.columns[at].number ? " number" : ""}`, "data-label": t(this.columns[at].key) }, cell)),
    );
  }
}
