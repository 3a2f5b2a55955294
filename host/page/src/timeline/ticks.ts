// Ticks at round moments of the page's zone.
import { scaleUtc } from "d3-scale";
import type { Clock } from "../format";

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
