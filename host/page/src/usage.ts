// What each app cost the phone's owner: what its process used, in the background with and without callbacks.
import type { App, Facts, Usage, UsageAround } from "./data";
import { appName, h, section, table } from "./dom";
import { bytes, duration, number } from "./format";
import { t } from "./text";

export function usage(facts: Facts): HTMLElement | null {
  const apps = facts.apps.filter((app) => app.summary.usage);
  if (!apps.length) return null;
  const heads = [t("entry.app"), t("usage.measured"), t("usage.cpu"), t("usage.memory"), t("usage.wakeups"), t("usage.disk"), t("usage.energy"), t("usage.with"), t("usage.without"), t("usage.callbacks")];
  const left = apps.reduce((sum, app) => sum + app.summary.usage!.left_out_s, 0);
  return section(
    "usage",
    t("usage.title"),
    h("p", {}, t("usage.intro")),
    table(t("usage.title"), heads, apps.map(row), [1, 2, 3, 4, 5, 6]),
    left ? h("p", { class: "note" }, t("usage.left_out", { time: duration(left * 1000) })) : null,
  );
}

function row(app: App) {
  const used = app.summary.usage!;
  const background = used.around_callbacks["background"];
  return [
    appName(app.id),
    duration(used.seconds * 1000),
    figure(used, "cpu_ms", duration),
    figure(used, "footprint_peak_bytes", bytes),
    figure(used, "wakeups", number),
    figure(used, "disk_read_bytes", bytes),
    figure(used, "energy_mj", (mj) => `${number(mj / 1000, 1)} J`),
    background ? around(background.with) : "–",
    background ? around(background.without) : "–",
    callbacks(app),
  ];
}

type Figure = "cpu_ms" | "footprint_peak_bytes" | "wakeups" | "disk_read_bytes" | "energy_mj";

/** Return a figure in words; where some intervals lack it, it is a least. */
function figure(used: Usage, name: Figure, inWords: (value: number) => string): string {
  const value = used[name];
  if (value === null) return t("usage.not_told");
  return used.partly.includes(name) ? t("usage.at_least", { value: inWords(value) }) : inWords(value);
}

/** Return the CPU time a minute, and how the memory footprint changed in all of the intervals. */
function around({ intervals, seconds, cpu_ms, footprint_change_bytes: change }: UsageAround): string {
  if (!intervals || !seconds) return "–";
  const cpu = cpu_ms === null ? t("usage.not_told") : t("usage.per_minute_in", { cpu: duration((cpu_ms / seconds) * 60), n: number(intervals), count: intervals });
  return change === null ? cpu : t("usage.with_memory", { cpu, change: `${change < 0 ? "−" : "+"}${bytes(Math.abs(change))}` });
}

function callbacks({ summary }: App): string {
  const { callbacks: n, cpu_ms, bytes: delivered } = summary.observer_cost;
  if (!n) return t("usage.no_callbacks");
  const [cpu, size] = [cpu_ms === null ? t("clock.not_measured") : duration(cpu_ms), delivered === null ? t("clock.not_measured") : bytes(delivered)];
  return t("usage.callbacks_value", { n: number(n), count: n, cpu, bytes: size });
}
