// The entries counted by what set them off, how far they went and the app's state. A count opens its entries.
import { stateOf } from "./claims";
import type { Facts } from "./data";
import { foreign, h, isNarrow, section } from "./dom";
import type { Choice } from "./address";
import { number } from "./format";
import { glyph } from "./glyphs";
import { overview } from "./overview";
import { t, word, type Key } from "./text";
import { known, triggerOf, triggerWord, type Trigger } from "./trigger";

/** Up to so many apps have their tables one after the other; of more, the reader selects one. */
const ALL_SHOWN = 3;
/** The order of the tables. The question is about the background. */
const STATES = ["background", "mixed", "active", "inactive", "unknown"];
/** With more columns than this, a narrow screen has upright heads. */
const FEW_COLUMNS = 3;

type Show = (choice: Partial<Choice>) => void;

export function matrix(facts: Facts, show: Show): HTMLElement | null {
  if (!facts.entries.cause.length) return null;
  const some = [...facts.apps.keys()].filter((app) => facts.entries.app.includes(app));
  const content = some.length <= ALL_SHOWN ? some.map((app) => ofApp(facts, app, some.length > 1, show)) : [selected(facts, some, show)];
  return section("matrix", t("overview.title"), h("p", { class: "note" }, t("overview.intro")), h("p", { class: "note" }, t("matrix.intro")), ...content);
}

/** Return the tables of one app at a time, with a list to select it from. */
function selected(facts: Facts, apps: number[], show: Show): HTMLElement {
  const place = h("div");
  const note = h("p", { class: "note print-note paper" });
  const fill = (app: number) => {
    place.replaceChildren(ofApp(facts, app, true, show));
    note.textContent = t("matrix.printed", { app: facts.apps[app].id });
  };
  const options = apps.map((app) => h("option", { value: app }, facts.apps[app].id));
  const list = h("select", { id: "matrix-app", change: (event) => fill(Number((event.target as HTMLSelectElement).value)) }, ...options);
  fill(apps[0]);
  return h("div", {}, h("div", { class: "field" }, h("label", { for: "matrix-app" }, t("matrix.app")), list), note, place);
}

function ofApp(facts: Facts, app: number, several: boolean, show: Show): HTMLElement {
  const { id } = facts.apps[app];
  const mine = [...facts.entries.app.keys()].filter((entry) => facts.entries.app[entry] === app);
  const depths = facts.words.depths.filter((_, code) => mine.some((entry) => facts.entries.depth[entry] === code));
  const tables = STATES.map((state) => {
    const entries = mine.filter((entry) => stateOf(facts, entry) === state);
    return entries.length ? ofState(facts, app, state, entries, depths, (choice) => show({ ...choice, app: several ? id : "", state })) : null;
  });
  return h(
    "div",
    { class: "of-app" },
    several ? h("h3", {}, foreign(id)) : null,
    h("div", { class: "narrow" }, overview(facts, app, mine, several, show)),
    h("details", { class: "matrices", "data-app": id, open: !isNarrow() }, h("summary", {}, t("matrix.title")), h("div", { class: "states" }, ...tables)),
  );
}

/** A row: one trigger with its certainty, or one cause that is no act of a process. */
type Row = { key: string; trigger: Trigger; cause: string | null };

function rowOf(facts: Facts, entry: number): Row {
  const trigger = triggerOf(facts, entry);
  const cause = trigger.kind === null ? facts.words.causes[facts.entries.cause[entry]] : null;
  return { key: cause ?? (trigger.by === "none" ? trigger.kind! : `${trigger.kind}:${trigger.by}`), trigger, cause };
}

function ofState(facts: Facts, app: number, state: string, entries: number[], depths: string[], show: Show): HTMLElement {
  const { words } = facts;
  const counts = new Map<string, { row: Row; of: Map<string, number> }>();
  for (const entry of entries) {
    const row = rowOf(facts, entry);
    const found = counts.get(row.key) ?? { row, of: new Map<string, number>() };
    const depth = words.depths[facts.entries.depth[entry]];
    found.of.set(depth, (found.of.get(depth) ?? 0) + 1);
    counts.set(row.key, found);
  }
  const order = [...words.triggers.flatMap((kind) => [`${kind}:link`, `${kind}:time`, kind]), ...words.causes];
  const rows = [...counts.values()].sort((a, b) => order.indexOf(a.row.key) - order.indexOf(b.row.key));
  const stateWord = t(`matrix.state.${state}` as Key);
  return h(
    "table",
    { class: depths.length > FEW_COLUMNS ? "matrix many" : "matrix", "data-state": state },
    h("caption", {}, t("matrix.caption", { state: stateWord, n: number(entries.length), count: entries.length })),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("matrix.trigger")), ...depths.map((depth) => h("th", { scope: "col", class: "number" }, h("span", {}, word("depth", depth)))))),
    h("tbody", {}, ...rows.map(({ row, of }) => h("tr", {}, head(facts, app, row), ...depths.map((depth) => cell(facts, app, row, depth, of.get(depth) ?? 0, stateWord, show))))),
  );
}

const name = (facts: Facts, app: number, { trigger, cause }: Row) => (cause === null ? triggerWord(known(facts, app, trigger), "trigger.certain") : word("cause", cause));

const head = (facts: Facts, app: number, row: Row) => h("th", { scope: "row" }, row.cause === null ? h("span", { class: `dot trigger-${row.trigger.kind}` }) : glyph(row.cause), name(facts, app, row));

function cell(facts: Facts, app: number, row: Row, depth: string, n: number, state: string, show: Show): HTMLElement {
  if (!n) return h("td", { class: "number zero" }, "0");
  const choice = row.cause === null ? { trigger: row.key } : { cause: row.cause };
  const label = t("matrix.cell", { n: number(n), count: n, trigger: name(facts, app, row), depth: word("depth", depth), state });
  return h("td", { class: "number" }, h("button", { type: "button", class: "count", "aria-label": label, click: () => show({ ...choice, depth }) }, number(n)));
}
