// The axis: ticks at round times of the page's time zone, and the span in view in words.
import { scaleUtc } from "d3-scale";
import { duration, number, type Clock } from "../format";
import { t } from "../text";
import type { Tracks } from "./layout";
import { lowerBound } from "./levels";
import { xOf, type View } from "./paint";
import type { Palette } from "./palette";

export const AXIS_PX = 28;

export type Tick = { ms: number; text: string; major: boolean };

export function ticks(clock: Clock, from: number, to: number, width: number): Tick[] {
  const scale = scaleUtc().domain([clock.local(from), clock.local(to)]);
  const dates = scale.ticks(Math.max(2, Math.floor(width / 110)));
  const apart = dates.length > 1 ? +dates[1] - +dates[0] : 86_400_000;
  const shift = clock.t0_ms + clock.offset_s * 1000;
  return dates.map((date) => {
    const ms = +date - shift;
    const midnight = +date % 86_400_000 === 0;
    const text = midnight
      ? clock.shortDay(ms)
      : apart < 1000
        ? clock.precise(ms)
        : clock.time(ms).slice(0, apart < 60_000 ? 8 : 5);
    return { ms, text, major: midnight };
  });
}

export function paintAxis(context: CanvasRenderingContext2D, colours: Palette, view: View, marks: Tick[]): void {
  context.clearRect(0, 0, view.width, AXIS_PX);
  context.textAlign = "center";
  for (const tick of marks) {
    const x = xOf(view, tick.ms);
    context.fillStyle = tick.major ? colours.ink : colours.quiet;
    context.font = `${tick.major ? "600 " : ""}12px system-ui, sans-serif`;
    if (x > 26 && x < view.width - 26) context.fillText(tick.text, x, 16);
    context.fillRect(x, 21, 1, 7);
  }
}

export function viewInWords({ sortedStarts }: Tracks, clock: Clock, from: number, to: number): string {
  const text = `${t("timeline.view", { from: clock.moment(from), to: clock.moment(to), span: duration(to - from) })} (${clock.zone()})`;
  const outside = sortedStarts.length - (lowerBound(sortedStarts, to) - lowerBound(sortedStarts, from));
  return outside ? `${text} · ${t("timeline.outside", { n: number(outside), all: number(sortedStarts.length) })}` : text;
}
