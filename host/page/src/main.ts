// Build the page, and build it again when the language changes.
import "./style.css";
import { EVERYTHING, isEverything, readAddress, writeAddress, type Address, type Choice } from "./address";
import { citing, eventNumber, loadDetails, loadFacts, type Details, type Facts } from "./data";
import { append, h, section } from "./dom";
import { EntriesTable } from "./entries";
import { entryPanel, showEvent } from "./entry";
import { finding, found, subject } from "./finding";
import { Clock, number } from "./format";
import { glossary } from "./glossary";
import { matrix } from "./matrix";
import { observers } from "./observers";
import { quotes } from "./quotes";
import * as sections from "./sections";
import { language, LANGUAGES, setLanguage, t, type Key, type Language } from "./text";
import { Timeline } from "./timeline/timeline";
import { unreported } from "./unreported";
import { usage } from "./usage";

type Theme = "auto" | "light" | "dark";

class Page {
  private details: Details | null = null;
  private chosen: number | null = null;
  /** Whether the open entry was chosen in the timeline, and not in the table. */
  private fromTimeline = false;
  private choice: Choice = { ...EVERYTHING };
  private event: string | null = null;
  private theme: Theme = "auto";
  private printing = false;
  private timeline: Timeline | null = null;
  private entries: EntriesTable | null = null;
  private readonly systemIsDark = matchMedia("(prefers-color-scheme: dark)");
  private readonly panel = h("div", { class: "panel", keydown: (event) => this.leave(event as KeyboardEvent) });
  /** Says above the timeline which entries it leaves out. */
  private readonly filtered = h("p", { class: "note filtered", role: "status" });
  private readonly hours = h("div", { class: "slot" });
  private readonly runs = h("div", { class: "slot" });
  private readonly clock: Clock;

  constructor(
    private readonly facts: Facts,
    private readonly root: HTMLElement,
  ) {
    this.clock = new Clock(facts.t0_ms, facts.offset_s);
    this.systemIsDark.addEventListener("change", () => this.applyTheme());
    this.applyTheme();
    window.addEventListener("beforeprint", () => this.setPrinting(true));
    window.addEventListener("afterprint", () => this.setPrinting(false));
    // Back and forward, and an address that was typed.
    window.addEventListener("popstate", () => this.follow(readAddress(location.hash)));
  }

  build(): void {
    setLanguage(language());
    const { facts, clock } = this;
    document.title = t("page.title", { app: subject(facts).text });
    const view = this.timeline?.view ?? null;
    const drawn = facts.stop > 0 && facts.apps.length > 0;
    this.timeline = drawn ? new Timeline(facts, clock, view) : null;
    this.entries = new EntriesTable(
      facts,
      clock,
      (entry) => this.choose(entry, "table"),
      (choice, typing) => this.select(choice, typing ? "typing" : "controls"),
    );
    if (this.timeline) this.timeline.onChoose = (entry, how) => this.choose(entry, how);
    this.root.replaceChildren();
    append(
      this.root,
      h("a", { class: "skip", href: "#entries" }, t("page.skip")),
      this.masthead(),
      h(
        "main",
        {},
        finding(facts, clock, ({ app, part, background }) => this.showEntries({ app: facts.apps.length > 1 ? facts.apps[app].id : "", part, state: background ? "background" : "" })),
        matrix(facts, (choice) => this.showEntries(choice)),
        quotes(facts),
        found(facts),
        section("timeline", t("timeline.title"), this.filtered, this.timeline?.element ?? h("p", {}, t("timeline.empty"))),
        facts.entries.cause.length ? section("entry", t("entry.title"), this.panel) : null,
        section("entries", t("entries.title"), this.entries.element),
        sections.apps(facts),
        observers(facts, clock),
        usage(facts),
        this.hours,
        this.runs,
        sections.coverage(facts, clock),
        sections.clocks(facts, clock),
        sections.hooks(facts),
        sections.method(facts),
        glossary(),
        sections.files(facts, clock),
      ),
      h("footer", {}, t("page.made_by", { tool: facts.tool })),
    );
    this.apply(this.choice);
    this.contents();
    this.addDetails(this.details);
    this.showChosen();
  }

  /** Add the second block of data, which is read after the first paint. */
  addDetails(details: Details | null): void {
    this.details = details;
    if (!details) return;
    this.entries?.addDetails(details);
    if (this.choice.q) this.apply(this.choice);
    this.timeline?.refine(details);
    this.showChosen();
  }

  /** Show what an address names: entries, an open entry, an event. */
  follow(address: Address | null): void {
    if (!address) return;
    const { identifier } = this.facts.entries;
    this.apply(address.choice);
    this.event = address.event;
    const entry = address.entry === null ? null : identifier.findIndex((one) => one.toUpperCase() === address.entry!.toUpperCase());
    this.chosen = entry !== null && entry >= 0 ? entry : null;
    this.showChosen();
    if (this.chosen !== null) {
      this.timeline?.reveal(this.chosen);
      if (!this.event) this.goToPanel();
    } else if (!this.event && !isEverything(address.choice)) this.goToEntries();
    if (this.event) this.openEvent(this.event);
  }

  /** Show the entries of a choice, in the table, the timeline and the hours. */
  private apply(choice: Choice): void {
    this.choice = choice;
    this.entries?.show(choice);
    const some = isEverything(choice) ? null : new Set(this.entries?.found ?? []);
    this.timeline?.only(some);
    this.hours.replaceChildren();
    this.runs.replaceChildren(unreported(this.facts, this.clock, choice, () => this.details));
    append(this.hours, sections.hours(this.facts, this.clock, (entry) => some === null || some.has(entry)));
    const all = this.facts.entries.cause.length;
    this.filtered.textContent = some === null || !this.entries ? "" : t("filter.on", { n: number(some.size), all: number(all), choices: this.entries.inWords() });
  }

  /** Write the address. Each step but typing can be taken back. */
  private write(how: "step" | "typing" = "step"): void {
    const entry = this.chosen === null ? null : this.facts.entries.identifier[this.chosen];
    const address = writeAddress({ choice: this.choice, entry, event: this.event }) || location.pathname + location.search;
    if (address === location.hash) return;
    if (how === "typing") history.replaceState(null, "", address);
    else history.pushState(null, "", address);
  }

  private select(choice: Choice, how: "typing" | "controls"): void {
    this.apply(choice);
    this.write(how === "typing" ? "typing" : "step");
  }

  private showEntries(choice: Partial<Choice>): void {
    this.apply({ ...EVERYTHING, ...choice });
    this.write();
    this.goToEntries();
  }

  private goToEntries(): void {
    document.getElementById("entries")?.scrollIntoView({ block: "start" });
    this.entries?.focus();
  }

  private goToPanel(): void {
    document.getElementById("entry-heading")?.focus({ preventScroll: true });
    document.getElementById("entry")?.scrollIntoView({ block: "start" });
  }

  private choose(entry: number, how: "point" | "enter" | "table"): void {
    this.chosen = entry;
    this.event = null;
    this.fromTimeline = how !== "table";
    this.showChosen();
    // Who steps through the timeline does not go back entry by entry.
    this.write(how === "point" ? "typing" : "step");
    if (how === "table") this.timeline?.reveal(entry);
    if (how !== "point") this.goToPanel();
  }

  /** Go back from the open entry to where it was chosen. */
  private back(): void {
    if (this.chosen === null) return;
    if (!this.fromTimeline && this.entries?.focusRow(this.chosen)) return;
    document.getElementById("timeline")?.scrollIntoView({ block: "start" });
    this.timeline?.focus();
  }

  private leave(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    this.back();
  }

  /** Open an event: in the entry that is open, in the first entry that names it, or in a run under no entry. */
  private openEvent(reference: string): void {
    const { details } = this;
    if (!details) return; // They come soon, and the page follows its address again.
    if (showEvent(reference)) return;
    const number = eventNumber(details, reference);
    const [entry] = number === null ? [] : [...citing(details, number)].sort((a, b) => a - b);
    if (entry !== undefined) {
      this.chosen = entry;
      this.showChosen();
      this.timeline?.reveal(entry);
      showEvent(reference);
    } else if (number === null || !openRunWith(details, number, reference)) this.filtered.textContent = t("event.not_here", { event: reference });
  }

  private showChosen(): void {
    const { chosen } = this;
    this.panel.replaceChildren();
    document.getElementById("entry")?.classList.toggle("unchosen", chosen === null);
    if (chosen === null) append(this.panel, h("p", {}, t("entry.choose")));
    else {
      const showInTimeline = () => {
        this.timeline?.reveal(chosen);
        document.getElementById("timeline")?.scrollIntoView({ block: "start" });
      };
      const address = writeAddress({ choice: EVERYTHING, entry: this.facts.entries.identifier[chosen], event: null });
      append(this.panel, ...entryPanel(this.facts, this.details, this.clock, chosen, { showInTimeline, back: () => this.back(), fromTimeline: this.fromTimeline, address }));
    }
    this.timeline?.choose(chosen);
    this.entries?.markChosen(chosen);
  }

  private masthead(): HTMLElement {
    const languages = h(
      "select",
      { id: "language", change: (event) => this.changeLanguage((event.target as HTMLSelectElement).value as Language) },
      ...Object.entries(LANGUAGES).map(([code, name]) => h("option", { value: code, lang: code, selected: code === language() }, name)),
    );
    const themes = h(
      "select",
      { id: "theme", change: (event) => this.changeTheme((event.target as HTMLSelectElement).value as Theme) },
      ...(["auto", "light", "dark"] as const).map((theme) => h("option", { value: theme, selected: theme === this.theme }, t(`theme.${theme}` as Key))),
    );
    return h(
      "div",
      { class: "masthead", role: "banner" },
      h("span", { class: "title" }, "lightleak"),
      h("div", { class: "field" }, h("label", { for: "language" }, t("page.language")), languages),
      h("div", { class: "field" }, h("label", { for: "theme" }, t("page.theme")), themes),
    );
  }

  /** List the sections under the page's head, with links. */
  private contents(): void {
    const titles = [...this.root.querySelectorAll("main > section > h2, main > .slot > section > h2")];
    const links = titles.map((title) => h("li", {}, h("a", { href: `#${title.parentElement!.id}` }, title.textContent)));
    this.root.querySelector(".masthead")?.after(h("nav", { class: "contents", "aria-label": t("page.contents") }, h("ul", {}, ...links)));
  }

  private changeLanguage(chosen: Language): void {
    setLanguage(chosen);
    this.build();
    document.getElementById("language")?.focus();
  }

  private setPrinting(printing: boolean): void {
    this.printing = printing;
    this.timeline?.setPrinting(printing);
    this.entries?.setPrinting(printing);
    // The browser prints what is drawn when this returns.
    this.applyTheme();
    this.timeline?.paint();
  }

  private changeTheme(chosen: Theme): void {
    this.theme = chosen;
    this.applyTheme();
  }

  private applyTheme(): void {
    const system = this.systemIsDark.matches ? "dark" : "light";
    // Paper is white, so a print is always light.
    document.documentElement.dataset["theme"] = this.printing ? "light" : this.theme === "auto" ? system : this.theme;
    this.timeline?.recolour();
  }
}

/** Open the lists under which a run names an event, and go to the event. Return whether there is one. */
function openRunWith(details: Details, event: number, reference: string): boolean {
  const run = details.runs.findIndex((ranges) => ranges.some((first, at) => at % 2 === 0 && event >= first && event < first + ranges[at + 1]));
  if (run < 0) return false;
  const open = (list: HTMLDetailsElement | null) => {
    if (!list) return;
    list.open = true;
    // The event that fills a list comes later than its content is needed here.
    list.dispatchEvent(new Event("toggle"));
  };
  open(document.querySelector<HTMLDetailsElement>("#unreported details.fold-list"));
  open(document.querySelector<HTMLDetailsElement>(`#unreported details[data-run="${run}"]`));
  return showEvent(reference);
}

const page = new Page(await loadFacts(), document.getElementById("page")!);
page.build();
page.follow(readAddress(location.hash));
// After two frames the first paint is on the screen. Only then are the details read.
requestAnimationFrame(() => requestAnimationFrame(async () => {
  page.addDetails(await loadDetails());
  if (location.hash) page.follow(readAddress(location.hash));
  document.documentElement.dataset["ready"] = "true";
}));
