// Put the page together; once more where the language changes.
import "./style.css";
import { loadDetails, loadFacts, type Details, type Facts } from "./data";
import { h, put, section } from "./dom";
import { EntriesTable } from "./entries";
import { entryPanel } from "./entry";
import { finding, subject } from "./finding";
import { Clock } from "./format";
import * as sections from "./sections";
import { language, LANGUAGES, speak, t, type Key, type Language } from "./text";
import { Timeline } from "./timeline/timeline";

type Theme = "auto" | "light" | "dark";

class Page {
  private details: Details | null = null;
  private chosen: number | null = null;
  private theme: Theme = "auto";
  private timeline: Timeline | null = null;
  private entries: EntriesTable | null = null;
  private panel = h("div", { class: "panel" });
  private readonly clock: Clock;

  constructor(
    private readonly facts: Facts,
    private readonly root: HTMLElement,
  ) {
    this.clock = new Clock(facts.t0_ms, facts.offset_s);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.timeline?.recolour());
    // Paper is white whatever the screen is.
    window.addEventListener("beforeprint", () => this.print(true));
    window.addEventListener("afterprint", () => this.print(false));
  }

  build(): void {
    speak(language());
    const { facts, clock } = this;
    document.title = t("page.title", { app: subject(facts).text });
    const view = this.timeline?.view ?? null;
    const drawn = facts.stop > 0 && facts.apps.length > 0;
    this.timeline = drawn ? new Timeline(facts, clock, view) : null;
    this.entries = new EntriesTable(facts, clock, (entry) => this.choose(entry, "table"));
    if (this.timeline) this.timeline.onChoose = (entry, how) => this.choose(entry, how);
    this.root.replaceChildren();
    put(
      this.root,
      h("a", { class: "skip", href: "#entries" }, t("page.skip")),
      this.masthead(),
      h(
        "main",
        {},
        finding(facts, clock),
        section("timeline", t("timeline.title"), this.timeline?.element ?? h("p", {}, t("timeline.empty"))),
        facts.entries.cause.length ? section("entry", t("entry.title"), this.panel) : null,
        section("entries", t("entries.title"), this.entries.element),
        sections.apps(facts),
        sections.observers(facts, clock),
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
    this.know(this.details);
    this.tell();
  }

  /** Take in the second block, which is read after the first paint. */
  know(details: Details | null): void {
    this.details = details;
    if (!details) return;
    if (this.entries) this.entries.details = details;
    this.timeline?.refine(details.levels);
    this.tell();
  }

  private choose(entry: number, how: "point" | "enter" | "table"): void {
    this.chosen = entry;
    this.tell();
    if (how === "table") this.timeline?.reveal(entry);
    if (how !== "point") {
      const heading = document.getElementById("entry-heading");
      heading?.focus({ preventScroll: true });
      document.getElementById(how === "table" ? "timeline" : "entry")?.scrollIntoView({ block: "start" });
    }
  }

  private tell(): void {
    const { chosen } = this;
    const reveal = () => {
      this.timeline?.reveal(chosen!);
      document.getElementById("timeline")?.scrollIntoView({ block: "start" });
    };
    this.panel.replaceChildren();
    document.getElementById("entry")?.classList.toggle("unchosen", chosen === null);
    put(this.panel, ...(chosen === null ? [h("p", {}, t("entry.choose"))] : entryPanel(this.facts, this.details, this.clock, chosen, reveal)));
    this.timeline?.choose(chosen);
    this.entries?.mark(chosen);
  }

  private masthead(): HTMLElement {
    const languages = h(
      "select",
      { id: "language", change: (event) => this.translate((event.target as HTMLSelectElement).value as Language) },
      ...Object.entries(LANGUAGES).map(([code, name]) => h("option", { value: code, lang: code, selected: code === language() }, name)),
    );
    const themes = h(
      "select",
      { id: "theme", change: (event) => this.dress((this.theme = (event.target as HTMLSelectElement).value as Theme)) },
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

  /** Name the page's sections under its head, each a step away. */
  private contents(): void {
    const titles = [...this.root.querySelectorAll("main > section > h2")];
    const links = titles.map((title) => h("li", {}, h("a", { href: `#${title.parentElement!.id}` }, title.textContent)));
    this.root.querySelector(".masthead")?.after(h("nav", { class: "contents", "aria-label": t("page.contents") }, h("ul", {}, ...links)));
  }

  private translate(chosen: Language): void {
    speak(chosen);
    this.build();
    document.getElementById("language")?.focus();
  }

  private print(on: boolean): void {
    this.timeline?.forPaper(on);
    this.entries?.forPaper(on);
    this.dress(on ? "light" : this.theme, true);
  }

  private dress(theme: Theme, now = false): void {
    if (theme === "auto") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    this.timeline?.recolour(now);
  }
}

const page = new Page(await loadFacts(), document.getElementById("page")!);
page.build();
// Two frames: the first paint is on the screen before the details are read.
requestAnimationFrame(() => requestAnimationFrame(async () => {
  page.know(await loadDetails());
  document.documentElement.dataset["ready"] = "true";
}));
