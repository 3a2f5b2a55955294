// The table of entries, with filters, sorting and pages. A click on a row opens its entry.
import { clausesOf, type Details, type Facts } from "./data";
import { append, appName, h } from "./dom";
import { Clock, duration, number } from "./format";
import { glyph } from "./glyphs";
import { brief, element, why } from "./sentence";
import { t, word, type Key } from "./text";
import { plain } from "./text/words";

const PAGE = 100;
/** Paper has no next page and no entry to open, so it gets more rows, each with its explanation. */
const PAPER_ROWS = 400;

type Column = { key: Key; after?: string; by: (entry: number) => number | string; number?: boolean };

export class EntriesTable {
  readonly element: HTMLElement;
  details: Details | null = null;
  private readonly body = h("tbody");
  private readonly range = h("p", { class: "shown", role: "status" });
  private readonly columns: Column[];
  private readonly search: HTMLInputElement;
  private readonly choices: Record<"cause" | "depth" | "app", HTMLSelectElement | null>;
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
    const offsets = new Set(entries.offset_s);
    this.zone = offsets.size === 1 ? clock.zone(entries.offset_s[0]) : null;
    const length = (entry: number) => (entries.end[entry] ?? entries.until[entry]) - (entries.begin[entry] ?? 0);
    this.columns = [
      { key: "entry.start", ...(this.zone ? { after: ` (${this.zone})` } : {}), by: (entry) => entries.begin[entry] ?? Infinity },
      { key: "entry.length", by: length, number: true },
      ...(apps.length > 1 ? [{ key: "entry.app" as Key, by: (entry: number) => apps[entries.app[entry]].id }] : []),
      { key: "entry.brief", by: (entry) => brief(entries.briefs[entries.brief[entry]]) },
      { key: "entry.cause", by: (entry) => words.causes[entries.cause[entry]] },
      { key: "entry.depth", by: (entry) => entries.depth[entry] },
      { key: "entry.state", by: (entry) => entries.state_words[entries.state[entry]] },
      { key: "entry.flags", by: (entry) => entries.flags[entry] },
    ];
    const change = () => this.update();
    this.search = h("input", { type: "search", id: "search", input: change });
    const present = (list: string[], codes: number[]) => list.filter((_, code) => codes.includes(code));
    this.choices = {
      cause: this.choice("cause", present(words.causes, entries.cause).map((c) => [c, word("cause", c)])),
      depth: this.choice("depth", present(words.depths, entries.depth).map((d) => [d, word("depth", d)])),
      app: apps.length > 1 ? this.choice("app", apps.map((app) => [app.id, app.id])) : null,
    };
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

  setPrinting(printing: boolean): void {
    this.printing = printing;
    this.fill();
  }

  private withFilters(): HTMLElement {
    const field = (id: string, key: Key, control: HTMLElement | null) => control && h("div", { class: "field" }, h("label", { for: id }, t(key)), control);
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
        field("search", "entries.search", this.search),
        field("choose-cause", "entry.cause", this.choices.cause),
        field("choose-depth", "entry.depth", this.choices.depth),
        field("choose-app", "entry.app", this.choices.app),
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

  private choice(name: string, options: [string, string][]): HTMLSelectElement {
    const all = h("option", { value: "" }, t("entries.any"));
    return h("select", { id: `choose-${name}`, change: () => this.update() }, all, ...options.map(([value, text]) => h("option", { value }, text)));
  }

  private clear(): void {
    this.search.value = "";
    for (const choice of Object.values(this.choices)) if (choice) choice.value = "";
    this.update();
  }

  private sort(column: number): void {
    this.descending = this.sorted === column ? !this.descending : false;
    this.sorted = column;
    this.update();
  }

  private update(): void {
    const { entries, words, apps } = this.facts;
    const { cause, depth, app } = this.choices;
    const text = this.search.value.trim().toLowerCase();
    const holds = (entry: number) =>
      (!cause?.value || words.causes[entries.cause[entry]] === cause.value) &&
      (!depth?.value || words.depths[entries.depth[entry]] === depth.value) &&
      (!app?.value || apps[entries.app[entry]].id === app.value) &&
      (!text || this.textOf(entry).includes(text));
    const { by } = this.columns[this.sorted];
    const direction = this.descending ? -1 : 1;
    this.found = [...entries.cause.keys()].filter(holds).sort((a, b) => {
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
    const begin = entries.begin[entry];
    return [entries.identifier[entry], apps[entries.app[entry]].id, cause, word("cause", cause), begin === null ? "" : this.clock.moment(begin), brief(entries.briefs[entries.brief[entry]]), this.details ? plain(why(clausesOf(this.details, entry))) : ""]
      .join(" ")
      .toLowerCase();
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
    const [begin, end] = [entries.begin[entry], entries.end[entry]];
    const cause = words.causes[entries.cause[entry]];
    const when = begin === null ? t("entry.missing") : this.clock.moment(begin, entries.offset_s[entry]) + (this.zone ? "" : ` (${this.clock.zone(entries.offset_s[entry])})`);
    const flags = entries.flag_words.filter((_, bit) => (entries.flags[entry] >> bit) & 1);
    const cells = [
      h("button", { type: "button", class: "open", "aria-label": t("entries.open", { start: when }) }, when),
      begin !== null && end !== null ? duration(end - begin, true) : "–",
      ...(apps.length > 1 ? [appName(apps[entries.app[entry]].id)] : []),
      h("span", { class: "brief" }, brief(entries.briefs[entries.brief[entry]])),
      h("span", { class: "cause" }, glyph(cause), word("cause", cause)),
      word("depth", words.depths[entries.depth[entry]]),
      word("state", entries.state_words[entries.state[entry]]),
      flags.map((flag) => word("flag", flag)).join(t("page.comma")),
    ];
    return h(
      "tr",
      { class: entry === this.chosen ? "chosen" : null, "data-entry": entry, click: () => this.choose(entry) },
      ...cells.map((cell, at) => h("td", { class: this.columns[at].number ? "number" : null }, cell)),
    );
  }
}
