// What the app's process used: CPU and memory footprint, as far as the system reports it.
import { bytes, percent } from "../format";
import { t } from "../text";
import type { Row, Tracks } from "./layout";
import { xOf, type View } from "./paint";
import type { Palette } from "./palette";

export const USAGE = ["cpu", "footprint"] as const;
export type Figure = (typeof USAGE)[number];

/** A span is four numbers: start, end, CPU in thousandths of a core, footprint in kB. */
const WIDTH = 4;
const at = (figure: Figure) => (figure === "cpu" ? 2 : 3);

export const hasUsage = (usage: (number | null)[], figure: Figure) => usage.some((value, n) => n % WIDTH === at(figure) && value !== null);

/** Return the largest value of a figure. */
export function most(usage: (number | null)[], figure: Figure): number {
  let found = 0;
  for (let n = at(figure); n < usage.length; n += WIDTH) found = Math.max(found, usage[n] ?? 0);
  return found;
}

export const inWords = (figure: Figure, value: number) => (figure === "cpu" ? percent(value / 1000) : bytes(value * 1000));

export function paintUsage(context: CanvasRenderingContext2D, tracks: Tracks, colours: Palette, view: View, row: Row): void {
  const { usage } = tracks.facts.lanes[row.app];
  const figure = row.name as Figure;
  const scale = (row.height - 7) / Math.max(most(usage, figure), 1);
  const bottom = row.top + row.height - 3;
  context.fillStyle = colours[figure === "cpu" ? "accent" : "network"];
  context.globalAlpha = figure === "cpu" ? 0.75 : 0.5;
  // Spans that share a pixel are drawn once, at their largest.
  let [pixel, tall] = [-1, 0];
  const draw = (from: number, to: number) => context.fillRect(from, bottom - tall, to - from, tall);
  for (let n = 0; n < usage.length; n += WIDTH) {
    const [start, end, value] = [usage[n]!, usage[n + 1]!, usage[n + at(figure)]];
    if (end < view.from || value === null) continue;
    if (start > view.to) break;
    const [x0, x1] = [Math.max(xOf(view, start), 0), Math.min(xOf(view, end), view.width)];
    const height = Math.max(value * scale, 1);
    if (x1 - x0 >= 1) {
      tall = height;
      draw(x0, x1);
    } else if (Math.floor(x0) !== pixel || height > tall) {
      [pixel, tall] = [Math.floor(x0), height];
      draw(pixel, pixel + 1);
    }
  }
  context.globalAlpha = 1;
}

/** Return what is known of a moment. */
export function usageLines(tracks: Tracks, row: Row, ms: number): string[] | null {
  const { usage } = tracks.facts.lanes[row.app];
  const figure = row.name as Figure;
  for (let n = 0; n < usage.length && usage[n]! <= ms; n += WIDTH) {
    if (usage[n + 1]! < ms) continue;
    const value = usage[n + at(figure)];
    if (value === null) return [t(`usage.${figure}_null`)];
    return [figure === "cpu" ? t("usage.cpu_tip", { share: inWords(figure, value) }) : t("usage.footprint_tip", { size: inWords(figure, value) })];
  }
  return null;
}
