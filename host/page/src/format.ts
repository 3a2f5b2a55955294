// Numbers, durations and times in the reader's language. Times are in the page's time zone unless an offset is given.
import { language } from "./text";

const pad = (value: number, digits = 2) => String(value).padStart(digits, "0");

const zh = () => language() === "zh-Hans";
/** British English puts the day before the month, as most of the world does. */
const locale = () => (zh() ? "zh-Hans" : "en-GB");

/** Formatters are slow to create, and the timeline formats numbers and days in every frame. */
const formats = new Map<string, { format(value: number): string }>();

function formatted(value: number, name: string, make: (locale: string) => { format(value: number): string }): string {
  const key = `${locale()} ${name}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = make(locale())));
  return format.format(value);
}

export const number = (value: number, digits = 0, least = 0) =>
  formatted(value, `number ${digits} ${least}`, (locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: least }));

/** Format a share, rounded down to a tenth of a percent as the host does: only a whole is shown as 100 %, and only nothing as 0 %. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return `< ${percent(0.001)}`;
  return formatted(Math.trunc(share * 1000) / 1000, "percent", (locale) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }));
}

export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  for (; value >= 1000 && at < units.length - 1; at++) value /= 1000;
  return `${number(value, at ? 1 : 0)} ${units[at]}`;
}

/** Format a length of time. `even`: seconds always have one decimal, so that the numbers of a column line up. */
export function duration(ms: number, even = false): string {
  const unit = (value: number, en: string, han: string, digits = 0, least = 0) => `${number(value, digits, least)} ${zh() ? han : en}`;
  if (ms < 1000) return unit(ms, "ms", "毫秒", ms < 10 ? 1 : 0);
  if (ms < 120_000) return unit(ms / 1000, "s", "秒", 1, even ? 1 : 0);
  if (ms < 7_200_000) return unit(ms / 60_000, "min", "分钟", ms < 600_000 ? 1 : 0);
  if (ms < 172_800_000) return unit(ms / 3_600_000, "h", "小时", 1);
  return unit(ms / 86_400_000, zh() ? "天" : "days", "天", 1);
}

/** Format a difference with its sign. A difference that rounds to zero has no sign. */
export function signed(ms: number): string {
  const size = duration(Math.abs(ms));
  return size === duration(0) ? size : `${ms < 0 ? "−" : "+"}${size}`;
}

export class Clock {
  constructor(
    readonly t0_ms: number,
    readonly offset_s: number,
  ) {}

  /** Return a date whose UTC fields are the local time of the zone. */
  local(ms: number, offset_s = this.offset_s): Date {
    return new Date(this.t0_ms + ms + offset_s * 1000);
  }

  zone(offset_s = this.offset_s): string {
    const minutes = Math.abs(Math.round(offset_s / 60));
    return `UTC${offset_s < 0 ? "−" : "+"}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  }

  day(ms: number, offset_s = this.offset_s): string {
    const d = this.local(ms, offset_s);
    return `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`;
  }

  time(ms: number, offset_s = this.offset_s): string {
    const d = this.local(ms, offset_s);
    return `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())}`;
  }

  /** Return the time to the nearest ms, as everything else that lightleak writes. */
  precise(ms: number, offset_s = this.offset_s): string {
    const rounded = Math.floor(ms + 0.5);
    return `${this.time(rounded, offset_s)}.${pad((((this.t0_ms + rounded) % 1000) + 1000) % 1000, 3)}`;
  }

  moment(ms: number, offset_s = this.offset_s): string {
    return `${this.day(ms, offset_s)} ${this.time(ms, offset_s)}`;
  }

  /** Return a day for the axis. */
  shortDay(ms: number): string {
    return formatted(+this.local(ms), "day", (locale) => new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" }));
  }

  /** Return a time for use in a sentence. The day is left out if it is the day of `mentioned`. */
  inWords(ms: number, mentioned: number | null = null): string {
    const form = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
    const time = this.time(ms).slice(0, 5);
    if (mentioned !== null && this.day(ms) === this.day(mentioned)) return time;
    const day = formatted(+this.local(ms), "whole day", (locale) => new Intl.DateTimeFormat(locale, form));
    return `${day}${zh() ? " " : ", "}${time}`;
  }
}
