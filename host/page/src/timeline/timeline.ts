// The timeline: what moves it, and what it tells. Drawing is in paint.ts.
import { select, type Selection } from "d3-selection";
import { zoom, zoomIdentity, zoomTransform, type ZoomBehavior } from "d3-zoom";
import type { Facts, Table } from "../data";
import { h, put } from "../dom";
import type { Clock } from "../format";
import { CAUSES, glyph } from "../glyphs";
import { t, word } from "../text";
import { labels } from "./labels";
import { fit } from "./canvas";
import { Layout, Tracks } from "./layout";
import { palette } from "./palette";
import { Painter, type View } from "./paint";
import { entryLines, probe, type Found } from "./probe";
import { ticks, viewInWords } from "./ticks";

const AXIS_PX = 28;
const CLOSEST_MS = 20;
const PAPER_PX = 540;
const PAPER_MOST_PX = 840; // as in the style sheet: a canvas that is cut between sheets is drawn over what follows it
/** Where the whole is no more than this many times the recording, it is what a reader sees first. */
const WHOLE_AT_FIRST = 3;

export class Timeline {
  readonly element: HTMLElement;
  readonly tracks: Tracks;
  chosen: number | null = null;
  onChoose: (entry: number, how: "point" | "enter") => void = () => {};

  private readonly layout: Layout;
  private readonly lo: number;
  private readonly hi: number;
  private readonly scroller: HTMLElement;
  private readonly body: HTMLElement;
  private readonly names: HTMLElement;
  private readonly canvas = h("canvas", { role: "img", "aria-label": t("timeline.picture") });
  private readonly axis = h("canvas", { "aria-hidden": "true", class: "axis" });
  private readonly tip = h("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  private readonly told = h("p", { class: "hidden", role: "status" });
  private readonly shown = h("p", { class: "view" });
  private readonly cut = h("p", { class: "note paper" });
  private readonly zoom: ZoomBehavior<HTMLCanvasElement, unknown>;
  private readonly target: Selection<HTMLCanvasElement, unknown, null, undefined>;
  private painter: Painter | null = null;
  private width = 0;
  private paper = false;
  private wanted: [number, number];
  private frame = 0;

  constructor(
    private readonly facts: Facts,
    private readonly clock: Clock,
    view: [number, number] | null,
  ) {
    this.tracks = new Tracks(facts);
    this.layout = new Layout(this.tracks);
    const margin = Math.max(facts.stop * 0.02, 500);
    [this.lo, this.hi] = [-margin, facts.stop + margin];
    this.wanted = view ?? this.first();
    this.names = h("div", { class: "names" });
    this.body = h("div", { class: "body" }, this.names, this.canvas);
    this.scroller = h(
      "div",
      { class: "tracks", tabindex: 0, role: "group", "aria-label": t("timeline.label", { apps: this.apps() }), keydown: (e) => this.key(e as KeyboardEvent), scroll: () => this.draw() },
      this.body,
    );
    this.element = h("div", { class: "timeline" }, this.controls(), this.axis, this.scroller, this.cut, this.tip, this.told, this.shown, h("p", { class: "help" }, t("timeline.help")));
    this.zoom = zoom<HTMLCanvasElement, unknown>()
      .filter((event: Event) => this.mayZoom(event))
      .on("zoom", () => this.draw());
    this.target = select(this.canvas).call(this.zoom);
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("pointerleave", () => (this.tip.hidden = true));
    this.canvas.addEventListener("click", (event) => this.click(event));
    new ResizeObserver(() => this.resize()).observe(this.scroller);
    this.relabel();
  }

  /** The span in view, ms. */
  get view(): [number, number] {
    if (!this.width) return this.wanted;
    const transform = zoomTransform(this.canvas);
    const ms = (x: number) => this.lo + (transform.invertX(x) / this.width) * (this.hi - this.lo);
    return [ms(0), ms(this.width)];
  }

  show(from: number, to: number): void {
    this.wanted = [from, to];
    if (!this.width) return;
    const k = (this.hi - this.lo) / Math.max(to - from, CLOSEST_MS);
    const x = ((from - this.lo) / (this.hi - this.lo)) * this.width;
    this.target.call(this.zoom.transform, zoomIdentity.scale(k).translate(-x, 0));
  }

  /** Bring an entry into view, with some time around it. */
  reveal(entry: number): void {
    const begin = this.tracks.begin[entry];
    const until = this.facts.entries.until[entry];
    const around = Math.max(15_000, (until - begin) * 0.4);
    this.show(begin - around, until + around);
  }

  choose(entry: number | null): void {
    this.chosen = entry;
    this.told.textContent = entry === null ? "" : entryLines(this.tracks, this.clock, entry).join(". ");
    this.draw();
  }

  refine(levels: Record<string, Table>[]): void {
    this.tracks.refine(levels);
    this.draw();
  }

  /** Take over colours after a change of appearance. */
  recolour(now = false): void {
    if (this.painter) this.painter.colours = palette(this.canvas.getContext("2d")!);
    if (now) this.paint();
    else this.draw();
  }

  /** Draw for a sheet's width, or for the screen again. The style sheet fits what is left to the sheet. */
  forPaper(on: boolean): void {
    this.paper = on;
    this.cut.textContent = on && this.layout.height > PAPER_MOST_PX ? t("timeline.printed") : "";
    this.resize();
  }

  private apps(): string {
    const { apps } = this.facts;
    return apps.length > 3 ? t("page.many_apps", { n: apps.length }) : apps.map((app) => app.id).join(", ");
  }

  private recording(): [number, number] {
    const [from, to] = this.facts.watched ?? [0, this.facts.stop];
    const margin = Math.max((to - from) * 0.03, 500);
    return [from - margin, to + margin];
  }

  /** What is seen at first: everything, or the recording where it would be lost in everything. */
  private first(): [number, number] {
    const [from, to] = this.recording();
    return this.hi - this.lo <= WHOLE_AT_FIRST * (to - from) ? [this.lo, this.hi] : [from, to];
  }

  private controls(): HTMLElement {
    const button = (label: string, text: string, act: () => void) =>
      h("button", { type: "button", "aria-label": text === label ? null : label, title: label, click: act }, text);
    const causes = CAUSES.filter((cause) => this.facts.apps.some((app) => app.summary.by_cause[cause]));
    return h(
      "div",
      { class: "controls" },
      button(t("timeline.in"), "+", () => this.scaleBy(2)),
      button(t("timeline.out"), "−", () => this.scaleBy(0.5)),
      button(t("timeline.left"), "←", () => this.moveBy(-0.25)),
      button(t("timeline.right"), "→", () => this.moveBy(0.25)),
      button(t("timeline.recording"), t("timeline.recording"), () => this.show(...this.recording())),
      button(t("timeline.all"), t("timeline.all"), () => this.show(this.lo, this.hi)),
      h("ul", { class: "legend", "aria-label": t("timeline.legend") }, ...causes.map((cause) => h("li", {}, glyph(cause), word("cause", cause))), h("li", {}, h("span", { class: "swatch unwatched" }), t("timeline.unwatched"))),
    );
  }

  private relabel(): void {
    const expand = (lane: number) => {
      this.layout.toggle(lane);
      this.relabel();
      this.resize();
      this.names.querySelectorAll("button")[lane]?.focus();
    };
    this.names.replaceChildren(...labels(this.facts, this.layout, expand));
    this.body.style.height = `${this.layout.height}px`;
  }

  private resize(): void {
    const view = this.view;
    const width = this.paper ? PAPER_PX : Math.floor(this.scroller.clientWidth - this.names.offsetWidth);
    const height = this.paper ? Math.min(this.layout.height, PAPER_MOST_PX) : Math.max(this.scroller.clientHeight, 1);
    if (width <= 0) return;
    const context = fit(this.canvas, width, height, this.paper ? 3 : 2);
    const axis = fit(this.axis, width, AXIS_PX, this.paper ? 3 : 2);
    if (!context || !axis) return;
    this.axis.style.marginLeft = `${this.names.offsetWidth}px`;
    this.painter ??= new Painter(context, this.tracks, this.layout, palette(context));
    const first = !this.width;
    this.width = width;
    this.zoom
      .extent([[0, 0], [width, height]])
      .translateExtent([[0, -Infinity], [width, Infinity]])
      .scaleExtent([1, (this.hi - this.lo) / CLOSEST_MS]);
    this.show(...(first ? this.wanted : view));
  }

  private draw(): void {
    this.frame ||= requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.painter) return;
    const [from, to] = this.view;
    const top = this.paper ? 0 : this.scroller.scrollTop;
    const view: View = { from, to, width: this.width, top, height: this.paper ? PAPER_MOST_PX : this.scroller.clientHeight };
    const marks = ticks(this.clock, from, to, this.width);
    this.painter.paint(view, marks.map((tick) => tick.ms), this.chosen);
    this.paintAxis(view, marks);
    this.shown.textContent = viewInWords(this.tracks, this.clock, from, to);
    this.element.dataset["from"] = String(Math.round(from));
    this.element.dataset["to"] = String(Math.round(to));
    this.element.dataset["frames"] = String(Number(this.element.dataset["frames"] ?? 0) + 1);
  }

  private paintAxis(view: View, marks: ReturnType<typeof ticks>): void {
    const context = this.axis.getContext("2d");
    if (!context || !this.painter) return;
    context.clearRect(0, 0, this.width, AXIS_PX);
    for (const tick of marks) {
      const x = ((tick.ms - view.from) / (view.to - view.from)) * view.width;
      context.fillStyle = tick.major ? this.painter.colours.ink : this.painter.colours.quiet;
      context.font = `${tick.major ? "600 " : ""}12px system-ui, sans-serif`;
      context.textAlign = "center";
      if (x > 26 && x < view.width - 26) context.fillText(tick.text, x, 16);
      context.fillRect(x, 21, 1, 7);
    }
  }

  private mayZoom(event: Event): boolean {
    if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey || this.scroller.contains(document.activeElement);
    return !(event instanceof MouseEvent && event.button !== 0);
  }

  private at(event: MouseEvent): Found | null {
    const box = this.canvas.getBoundingClientRect();
    const [from, to] = this.view;
    const view = { from, to, width: this.width, top: this.scroller.scrollTop, height: box.height };
    return probe(this.tracks, this.layout, this.clock, view, event.clientX - box.left, event.clientY - box.top);
  }

  private hover(event: PointerEvent): void {
    const found = event.buttons ? null : this.at(event);
    this.canvas.style.cursor = found?.entry != null ? "pointer" : "";
    this.tip.hidden = !found;
    if (!found) return;
    this.tip.replaceChildren();
    put(this.tip, ...found.lines.map((line) => h("div", {}, line)));
    const box = this.element.getBoundingClientRect();
    const x = Math.min(event.clientX - box.left + 14, box.width - this.tip.offsetWidth - 4);
    this.tip.style.left = `${Math.max(x, 4)}px`;
    this.tip.style.top = `${event.clientY - box.top + 18}px`;
  }

  private click(event: MouseEvent): void {
    this.scroller.focus({ preventScroll: true });
    const found = this.at(event);
    if (found?.entry != null) this.onChoose(found.entry, "point");
  }

  private scaleBy(by: number): void {
    this.target.call(this.zoom.scaleBy, by);
  }

  private moveBy(share: number): void {
    const transform = zoomTransform(this.canvas);
    this.target.call(this.zoom.translateBy, (-share * this.width) / transform.k, 0);
  }

  private step(by: 1 | -1): void {
    const order = [...this.tracks.begin.keys()].sort((a, b) => this.tracks.begin[a] - this.tracks.begin[b]);
    if (!order.length) return;
    const at = this.chosen === null ? (by > 0 ? -1 : order.length) : order.indexOf(this.chosen);
    const entry = order[Math.min(Math.max(at + by, 0), order.length - 1)];
    const [from, to] = this.view;
    const begin = this.tracks.begin[entry];
    if (begin < from || begin > to) this.show(begin - (to - from) / 2, begin + (to - from) / 2);
    this.onChoose(entry, "point");
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== this.scroller) return;
    const acts: Record<string, () => void> = {
      ArrowLeft: () => this.moveBy(-0.15),
      ArrowRight: () => this.moveBy(0.15),
      "+": () => this.scaleBy(1.5),
      "=": () => this.scaleBy(1.5),
      "-": () => this.scaleBy(1 / 1.5),
      "0": () => this.show(this.lo, this.hi),
      Home: () => this.show(...this.recording()),
      n: () => this.step(1),
      p: () => this.step(-1),
      Enter: () => this.chosen !== null && this.onChoose(this.chosen, "enter"),
      Escape: () => {
        this.tip.hidden = true;
        this.scroller.blur();
      },
    };
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
