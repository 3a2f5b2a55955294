// The timeline: its view, and how the reader moves it. paint.ts draws it.
import { select, type Selection } from "d3-selection";
import { zoom, zoomIdentity, zoomTransform, type ZoomBehavior } from "d3-zoom";
import type { Details, Facts } from "../data";
import { append, h } from "../dom";
import type { Clock } from "../format";
import { t } from "../text";
import { AXIS_PX, paintAxis, ticks, viewInWords } from "./axis";
import { fit } from "./canvas";
import { controls } from "./controls";
import { entryLines, hitTest, type Hit } from "./hit";
import { labels } from "./labels";
import { Layout, Tracks } from "./layout";
import { palette } from "./palette";
import { Painter, type View } from "./paint";

const CLOSEST_MS = 20;
const PRINT_WIDTH_PX = 540;
/** As in the style sheet. A canvas that continues on the next sheet would cover what follows it. */
const PRINT_MOST_PX = 840;
/** At first the view is everything, unless everything is longer than this many times the recording. */
const WHOLE_AT_FIRST = 3;

export class Timeline {
  readonly element: HTMLElement;
  readonly tracks: Tracks;
  chosen: number | null = null;
  onChoose: (entry: number, how: "point" | "enter") => void = () => {};

  private readonly layout: Layout;
  /** The whole: what can be in view, ms. */
  private readonly from: number;
  private readonly to: number;
  private readonly scroller: HTMLElement;
  private readonly body: HTMLElement;
  private readonly names: HTMLElement;
  private readonly canvas = h("canvas", { role: "img", "aria-label": t("timeline.picture") });
  private readonly axis = h("canvas", { "aria-hidden": "true", class: "axis" });
  private readonly tip = h("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  private readonly announcement = h("p", { class: "hidden", role: "status" });
  private readonly viewText = h("p", { class: "view" });
  private readonly printNote = h("p", { class: "note print-note" });
  private readonly zoom: ZoomBehavior<HTMLCanvasElement, unknown>;
  private readonly target: Selection<HTMLCanvasElement, unknown, null, undefined>;
  private painter: Painter | null = null;
  private details: Details | null = null;
  private hovered: number | null = null;
  private width = 0;
  private printing = false;
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
    this.from = -margin;
    this.to = facts.stop + margin;
    this.wanted = view ?? this.initialView();
    this.names = h("div", { class: "names" });
    this.body = h("div", { class: "body" }, this.names, this.canvas);
    this.scroller = h(
      "div",
      { class: "tracks", tabindex: 0, role: "group", "aria-label": t("timeline.label", { apps: this.apps() }), keydown: (e) => this.key(e as KeyboardEvent), scroll: () => this.draw() },
      this.body,
    );
    const buttons = controls(facts, {
      zoom: (by) => this.scaleBy(by),
      move: (by) => this.moveBy(by),
      recording: () => this.show(...this.recording()),
      everything: () => this.show(this.from, this.to),
    });
    const help = h("p", { class: "help" }, t("timeline.help"));
    this.element = h("div", { class: "timeline" }, buttons, this.axis, this.scroller, this.printNote, this.tip, this.announcement, this.viewText, help);
    this.zoom = zoom<HTMLCanvasElement, unknown>()
      .filter((event: Event) => this.mayZoom(event))
      .on("zoom", () => this.draw());
    this.target = select(this.canvas).call(this.zoom);
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("pointerleave", () => {
      this.tip.hidden = true;
      this.setHovered(null);
    });
    this.canvas.addEventListener("click", (event) => this.click(event));
    new ResizeObserver(() => this.resize()).observe(this.scroller);
    this.relabel();
  }

  /** The span in view, ms: from, to. */
  get view(): [number, number] {
    if (!this.width) return this.wanted;
    const transform = zoomTransform(this.canvas);
    const ms = (x: number) => this.from + (transform.invertX(x) / this.width) * (this.to - this.from);
    return [ms(0), ms(this.width)];
  }

  show(from: number, to: number): void {
    this.wanted = [from, to];
    if (!this.width) return;
    const k = (this.to - this.from) / Math.max(to - from, CLOSEST_MS);
    const x = ((from - this.from) / (this.to - this.from)) * this.width;
    this.target.call(this.zoom.transform, zoomIdentity.scale(k).translate(-x, 0));
  }

  /** Show an entry, with some time around it. */
  reveal(entry: number): void {
    const begin = this.tracks.starts[entry];
    const until = this.facts.entries.until[entry];
    const around = Math.max(15_000, (until - begin) * 0.4);
    this.show(begin - around, until + around);
  }

  focus(): void {
    this.scroller.focus({ preventScroll: true });
  }

  choose(entry: number | null): void {
    this.chosen = entry;
    this.announcement.textContent = entry === null ? "" : entryLines(this.tracks, this.clock, entry).join(". ");
    this.draw();
  }

  /** Add what is read after the first paint: finer events, and what set each entry's act off. */
  refine(details: Details): void {
    this.tracks.refine(details.levels);
    this.details = details;
    this.draw();
  }

  /** Draw only these entries; null for all. */
  only(entries: ReadonlySet<number> | null): void {
    this.tracks.shown = entries;
    this.draw();
  }

  /** Read the colours of the style sheet again. */
  recolour(): void {
    if (this.painter) this.painter.colours = palette(this.canvas.getContext("2d")!);
    this.draw();
  }

  /** Draw for the width of a sheet, or for the screen again. */
  setPrinting(printing: boolean): void {
    this.printing = printing;
    this.printNote.textContent = printing && this.layout.height > PRINT_MOST_PX ? t("timeline.printed") : "";
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

  /** Return the first view: everything, or only the recording if that is a small part of everything. */
  private initialView(): [number, number] {
    const [from, to] = this.recording();
    return this.to - this.from <= WHOLE_AT_FIRST * (to - from) ? [this.from, this.to] : [from, to];
  }

  private relabel(): void {
    const toggle = (app: number) => {
      this.layout.toggle(app);
      this.relabel();
      this.resize();
      this.names.querySelectorAll("button")[app]?.focus();
    };
    this.names.replaceChildren(...labels(this.facts, this.layout, toggle));
    this.body.style.height = `${this.layout.height}px`;
  }

  private resize(): void {
    const view = this.view;
    const width = this.printing ? PRINT_WIDTH_PX : Math.floor(this.scroller.clientWidth - this.names.offsetWidth);
    const height = this.printing ? Math.min(this.layout.height, PRINT_MOST_PX) : Math.max(this.scroller.clientHeight, 1);
    if (width <= 0) return;
    const context = fit(this.canvas, width, height, this.printing ? 3 : 2);
    const axis = fit(this.axis, width, AXIS_PX, this.printing ? 3 : 2);
    if (!context || !axis) return;
    this.axis.style.marginLeft = `${this.names.offsetWidth}px`;
    this.painter ??= new Painter(context, this.tracks, this.layout, palette(context));
    const first = !this.width;
    this.width = width;
    this.zoom
      .extent([[0, 0], [width, height]])
      .translateExtent([[0, -Infinity], [width, Infinity]])
      .scaleExtent([1, (this.to - this.from) / CLOSEST_MS]);
    this.show(...(first ? this.wanted : view));
  }

  /** Paint in the next frame. */
  private draw(): void {
    this.frame ||= requestAnimationFrame(() => this.paint());
  }

  paint(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    if (!this.painter) return;
    const [from, to] = this.view;
    const top = this.printing ? 0 : this.scroller.scrollTop;
    const view: View = { from, to, width: this.width, top, height: this.printing ? PRINT_MOST_PX : this.scroller.clientHeight };
    const marks = ticks(this.clock, from, to, this.width);
    this.painter.details = this.details;
    this.painter.paint(view, marks.map((tick) => tick.ms), this.chosen, this.hovered);
    const axis = this.axis.getContext("2d");
    if (axis) paintAxis(axis, this.painter.colours, view, marks);
    this.viewText.textContent = viewInWords(this.tracks, this.clock, from, to);
    this.element.dataset["from"] = String(Math.round(from));
    this.element.dataset["to"] = String(Math.round(to));
    this.element.dataset["frames"] = String(Number(this.element.dataset["frames"] ?? 0) + 1);
  }

  private mayZoom(event: Event): boolean {
    if (event instanceof WheelEvent) return event.ctrlKey || event.metaKey || this.scroller.contains(document.activeElement);
    return !(event instanceof MouseEvent && event.button !== 0);
  }

  private at(event: MouseEvent): Hit | null {
    const box = this.canvas.getBoundingClientRect();
    const [from, to] = this.view;
    const view = { from, to, width: this.width, top: this.scroller.scrollTop, height: box.height };
    return hitTest(this.tracks, this.layout, this.clock, view, event.clientX - box.left, event.clientY - box.top);
  }

  private hover(event: PointerEvent): void {
    const found = event.buttons ? null : this.at(event);
    this.canvas.style.cursor = found?.entry != null ? "pointer" : "";
    this.tip.hidden = !found;
    this.setHovered(found?.entry ?? null);
    if (!found) return;
    this.tip.replaceChildren();
    append(this.tip, ...found.lines.map((line) => h("div", {}, line)));
    const box = this.element.getBoundingClientRect();
    const x = Math.min(event.clientX - box.left + 14, box.width - this.tip.offsetWidth - 4);
    this.tip.style.left = `${Math.max(x, 4)}px`;
    this.tip.style.top = `${event.clientY - box.top + 18}px`;
  }

  /** An entry under the pointer shows what set its act off. */
  private setHovered(entry: number | null): void {
    if (entry === this.hovered) return;
    this.hovered = entry;
    this.draw();
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
    const order = [...this.tracks.starts.keys()].filter((entry) => this.tracks.isShown(entry)).sort((a, b) => this.tracks.starts[a] - this.tracks.starts[b]);
    if (!order.length) return;
    const at = this.chosen === null ? (by > 0 ? -1 : order.length) : order.indexOf(this.chosen);
    const entry = order[Math.min(Math.max(at + by, 0), order.length - 1)];
    const [from, to] = this.view;
    const begin = this.tracks.starts[entry];
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
      "0": () => this.show(this.from, this.to),
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
