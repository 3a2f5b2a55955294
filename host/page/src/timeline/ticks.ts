// Ticks at round moments of the page's zone, and what the span in view is in words.
import { scaleUtc } from "d3-scale";
import { duration, number, type Clock } from "../format";
import { t } from "../text";
import type { Tracks } from "./layout";
import { lowerBound } from "./levels";

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

export function viewInWords({ begins }: Tracks, clock: Clock, from: number, to: number): string {
  const told = `${t("timeline.view", { from: clock.moment(from), to: clock.moment(to), span: duration(to - from) })} (${clock.zone()})`;
  const outside = begins.length - (lowerBound(begins, to) - lowerBound(begins, from));
  return outside ? `${told} · ${t("timeline.outside", { n: number(outside), all: number(begins.length) })}` : told;
}
