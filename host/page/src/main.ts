// Build the page, and build it again when the language changes.
import "./style.css";
import { loadDetails, loadFacts, type Details, type Facts } from "./data";
import { append, h, section } from "./dom";
import { EntriesTable } from "./entries";
import { entryPanel } from "./entry";
import type { Choice } from "./filter";
import { finding, subject } from "./finding";
import { Clock } from "./format";
import { matrix } from "./matrix";
import * as sections from "./sections";
import { language, LANGUAGES, setLanguage, t, type Key, type Language } from "./text";
import { Timeline } from "./timeline/timeline";
import { usage } from "./usage";

type Theme = "auto" | "light" | "dark";

class Page {
  private details: Details | null = null;
  private chosen: number | null = null;
  private theme: Theme = "auto";
  private printing = false;
  private timeline: Timeline | null = null;
  private entries: EntriesTable | null = null;
  private readonly systemIsDark = matchMedia("(prefers-color-scheme: dark)");
  private readonly panel = h("div", { class: "panel" });
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
  }

  build(): void {
    setLanguage(language());
    const { facts, clock } = this;
    document.title = t("page.title", { app: subject(facts).text });
    const view = this.timeline?.view ?? null;
    const drawn = facts.stop > 0 && facts.apps.length > 0;
    this.timeline = drawn ? new Timeline(facts, clock, view) : null;
    this.entries = new EntriesTable(facts, clock, (entry) => this.choose(entry, "table"));
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
        section("timeline", t("timeline.title"), this.timeline?.element ?? h("p", {}, t("timeline.empty"))),
        facts.entries.cause.length ? section("entry", t("entry.title"), this.panel) : null,
        section("entries", t("entries.title"), this.entries.element),
        sections.apps(facts),
        sections.observers(facts, clock),
        usage(facts),
        sections.hours(facts, clock),
        sections.unreported(facts),
        sections.coverage(facts, clock),
        sections.clocks(facts),
        sections.hooks(facts),
        sections.method(facts),
        sections.files(facts, clock),
      ),
      h("footer", {}, t("page.made_by", { tool: facts.tool })),
    );
    this.contents();
    this.addDetails(this.details);
    this.showChosen();
  }

  /** Add the second block of data, which is read after the first paint. */
  addDetails(details: Details | null): void {
    this.details = details;
    if (!details) return;
    if (this.entries) this.entries.details = details;
    this.timeline?.refine(details);
    this.showChosen();
  }

  private showEntries(choice: Partial<Choice>): void {
    this.entries?.show(choice);
    document.getElementById("entries")?.scrollIntoView({ block: "start" });
  }

  private choose(entry: number, how: "point" | "enter" | "table"): void {
    this.chosen = entry;
    this.showChosen();
    if (how === "table") this.timeline?.reveal(entry);
    if (how !== "point") {
      const heading = document.getElementById("entry-heading");
      heading?.focus({ preventScroll: true });
      document.getElementById(how === "table" ? "timeline" : "entry")?.scrollIntoView({ block: "start" });
    }
  }

  private showChosen(): void {
    const { chosen } = this;
    const showInTimeline = () => {
      this.timeline?.reveal(chosen!);
      document.getElementById("timeline")?.scrollIntoView({ block: "start" });
    };
    this.panel.replaceChildren();
    document.getElementById("entry")?.classList.toggle("unchosen", chosen === null);
    append(this.panel, ...(chosen === null ? [h("p", {}, t("entry.choose"))] : entryPanel(this.facts, this.details, this.clock, chosen, showInTimeline)));
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
    const titles = [...this.root.querySelectorAll("main > section > h2")];
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

const page = new Page(await loadFacts(), document.getElementById("page")!);
page.build();
// After two frames the first paint is on the screen. Only then are the details read.
requestAnimationFrame(() => requestAnimationFrame(async () => {
  page.addDetails(await loadDetails());
  document.documentElement.dataset["ready"] = "true";
}));
