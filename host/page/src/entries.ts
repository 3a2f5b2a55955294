// The table of entries, with filters, sorting and pages. A click on a row opens its entry.
import { clausesOf, type Details, type Facts } from "./data";
import { append, appName, h } from "./dom";
import { Filter, type Choice } from "./filter";
import { Clock, duration, number } from "./format";
import { glyph } from "./glyphs";
import { brief, element, why } from "./sentence";
import { t, word, type Key } from "./text";
import { triggerCell, triggerOf, triggerSearch } from "./trigger";
import { plain } from "./text/words";

const PAGE = 100;
/** Paper has no next page and no entry to open, so it gets more rows, each with its explanation. */
const PAPER_ROWS = 400;

type Column = { key: Key; after?: string; by: (entry: number) => number | string; number?: boolean };

export class EntriesTable {
  readonly element: HTMLElement;
  details: Details | null = null;
  private readonly body = h("tbody");
  private readonly range = h("p", { class: "shown", role: "status", tabindex: -1 });
  private readonly columns: Column[];
  private readonly filter: Filter;
  private readonly heads: HTMLElement[];
  private found: number[] = [];
  private readonly texts: (string | undefined)[] = [];
  private sorted = 0;
  private descending = false;
  private page = 0;
  private chosen: number | null = null;
  private printing = false;
  private readonly printNote = h("p", { class: "note print-note" });
  /** The time zone of all entries, which the column's head then shows once; null if they have several. */
  private readonly zone: string | null;

  constructor(
    private readonly facts: Facts,
    private readonly clock: Clock,
    private readonly choose: (entry: number) => void,
  ) {
    const { entries, words, apps } = facts;
    const trigger = (entry: number) => triggerOf(facts, entry);
    const offsets = new Set(entries.offset_s);
    this.zone = offsets.size === 1 ? clock.zone(entries.offset_s[0]) : null;
    const length = (entry: number) => (entries.end[entry] ?? entries.until[entry]) - (entries.begin[entry] ?? 0);
    this.columns = [
      { key: "entry.start", ...(this.zone ? { after: ` (${this.zone})` } : {}), by: (entry) => entries.begin[entry] ?? Infinity },
      { key: "entry.length", by: length, number: true },
      ...(apps.length > 1 ? [{ key: "entry.app" as Key, by: (entry: number) => apps[entries.app[entry]].id }] : []),
      { key: "entry.brief", by: (entry) => brief(entries.briefs[entries.brief[entry]]) },
      { key: "entry.cause", by: (entry) => words.causes[entries.cause[entry]] },
      { key: "entry.trigger", by: (entry) => `${entries.trigger[entry] ?? 9}${trigger(entry).by}` },
      { key: "entry.depth", by: (entry) => entries.depth[entry] },
      { key: "entry.state", by: (entry) => entries.state_words[entries.state[entry]] },
      { key: "entry.flags", by: (entry) => entries.flags[entry] },
    ];
    this.filter = new Filter(facts, (entry) => this.textOf(entry), () => this.update());
    this.heads = this.columns.map((column, at) =>
      h("th", { scope: "col", class: column.number ? "number" : null }, h("button", { type: "button", class: "sort", click: () => this.sort(at) }, t(column.key), column.after, h("span", { class: "arrow", "aria-hidden": "true" }))),
    );
    this.element = entries.cause.length ? this.withFilters() : h("p", {}, t("entries.none"));
    this.update();
  }

  markChosen(entry: number | null): void {
    if (entry === this.chosen) return;
    this.chosen = entry;
    const at = entry === null ? -1 : this.found.indexOf(entry);
    if (at >= 0) this.page = Math.floor(at / PAGE);
    this.fill();
  }

  /** Show the entries of a choice only. */
  show(choice: Partial<Choice>): void {
    this.filter.set(choice);
    this.update();
    this.range.focus({ preventScroll: true });
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
    return h(
      "div",
      {},
      h(
        "div",
        { class: "filters" },
        ...this.filter.fields,
        h("button", { type: "button", click: () => this.clear() }, t("entries.clear")),
        this.range,
      ),
      h(
        "div",
        { class: "scroller", tabindex: 0, role: "group", "aria-label": t("entries.caption") },
        h("table", { class: "entries" }, h("caption", { class: "hidden" }, t("entries.caption")), h("thead", {}, h("tr", {}, ...this.heads)), this.body),
      ),
      this.printNote,
      h("div", { class: "pages" }, h("button", { type: "button", class: "earlier", click: turnPage(-1) }, t("entries.earlier")), h("button", { type: "button", class: "later", click: turnPage(1) }, t("entries.later"))),
    );
  }

  private clear(): void {
    this.filter.set({});
    this.update();
  }

  private sort(column: number): void {
    this.descending = this.sorted === column ? !this.descending : false;
    this.sorted = column;
    this.update();
  }

  private update(): void {
    const { by } = this.columns[this.sorted];
    const direction = this.descending ? -1 : 1;
    this.found = [...this.facts.entries.cause.keys()].filter(this.filter.condition()).sort((a, b) => {
      const [x, y] = [by(a), by(b)];
      return direction * (x < y ? -1 : x > y ? 1 : 0) || a - b;
    });
    this.page = 0;
    this.fill();
  }

  private textOf(entry: number): string {
    // A search needs the text again for each letter typed, so it is kept once the details are there.
    if (!this.details) return this.searchText(entry);
    return (this.texts[entry] ??= this.searchText(entry));
  }

  private searchText(entry: number): string {
    const { entries, words, apps } = this.facts;
    const cause = words.causes[entries.cause[entry]];
    const [depth, state] = [words.depths[entries.depth[entry]], entries.state_words[entries.state[entry]]];
    const begin = entries.begin[entry];
    // What a row shows is found, in the page's language and in the words of the data.
    const shown = [cause, word("cause", cause), triggerSearch(this.facts, entry), depth, word("depth", depth), state, word("state", state), ...this.flags(entry).flatMap((flag) => [flag, word("flag", flag)]), this.length(entry)];
    return [entries.identifier[entry], apps[entries.app[entry]].id, ...shown, begin === null ? "" : this.clock.moment(begin, entries.offset_s[entry]), brief(entries.briefs[entries.brief[entry]]), this.details ? plain(why(clausesOf(this.details, entry))) : ""]
      .join(" ")
      .toLowerCase();
  }

  private flags(entry: number): string[] {
    const { entries } = this.facts;
    return entries.flag_words.filter((_, bit) => (entries.flags[entry] >> bit) & 1);
  }

  private length(entry: number): string {
    const [begin, end] = [this.facts.entries.begin[entry], this.facts.entries.end[entry]];
    return begin !== null && end !== null ? duration(end - begin, true) : "–";
  }

  private fill(): void {
    const last = Math.max(Math.ceil(this.found.length / PAGE) - 1, 0);
    this.page = Math.min(Math.max(this.page, 0), last);
    const from = this.printing ? 0 : this.page * PAGE;
    const rows = this.found.slice(from, from + (this.printing ? PAPER_ROWS : PAGE));
    this.body.replaceChildren();
    append(this.body, ...rows.flatMap((entry) => (this.printing ? [this.row(entry), this.explanation(entry)] : [this.row(entry)])));
    this.printNote.textContent = this.printing && rows.length < this.found.length ? t("entries.printed", { n: number(rows.length), all: number(this.found.length) }) : "";
    this.range.textContent = rows.length
      ? t("entries.shown", { from: number(from + 1), to: number(from + rows.length), n: number(this.found.length) })
      : t("entries.no_match");
    this.heads.forEach((head, at) => {
      if (at === this.sorted) head.setAttribute("aria-sort", this.descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    this.element.querySelector<HTMLButtonElement>(".earlier")?.toggleAttribute("disabled", this.page === 0);
    this.element.querySelector<HTMLButtonElement>(".later")?.toggleAttribute("disabled", this.page === last);
    this.element.querySelector(".pages")?.toggleAttribute("hidden", last === 0);
  }

  private explanation(entry: number): HTMLElement {
    return h("tr", { class: "explanation" }, h("td", { colspan: this.columns.length }, this.details ? element(why(clausesOf(this.details, entry))) : ""));
  }

  private row(entry: number): HTMLElement {
    const { entries, words, apps } = this.facts;
    const begin = entries.begin[entry];
    const cause = words.causes[entries.cause[entry]];
    const when = begin === null ? t("entry.missing") : this.clock.moment(begin, entries.offset_s[entry]) + (this.zone ? "" : ` (${this.clock.zone(entries.offset_s[entry])})`);
    const cells = [
      h("button", { type: "button", class: "open", "aria-label": t("entries.open", { start: when }) }, when),
      this.length(entry),
      ...(apps.length > 1 ? [appName(apps[entries.app[entry]].id)] : []),
      h("span", { class: "brief" }, brief(entries.briefs[entries.brief[entry]])),
      h("span", { class: "cause" }, glyph(cause), word("cause", cause)),
      triggerCell(this.facts, entry),
      word("depth", words.depths[entries.depth[entry]]),
      word("state", entries.state_words[entries.state[entry]]),
      this.flags(entry).map((flag) => word("flag", flag)).join(t("page.comma")),
    ];
    return h(
      "tr",
      { class: entry === this.chosen ? "chosen" : null, "data-entry": entry, click: () => this.choose(entry) },
      ...cells.map((cell, at) => h("td", { class: this.columns[at].number ? "number" : null }, cell)),
    );
  }
}
