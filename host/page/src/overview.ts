// How far each app went, and in which state: the joint counts that a reader asks for. Each count shows its entries, and what set them off.
import type { Choice } from "./address";
import { stateOf } from "./claims";
import type { Facts } from "./data";
import { h } from "./dom";
import { number } from "./format";
import { focusable } from "./glossary";
import { t, word, type Key } from "./text";

type Show = (choice: Partial<Choice>) => void;

/** A column: which entries, and the choice that shows them. */
type Column = { title: string; name: string; choice: Partial<Choice>; holds: (entry: number) => boolean };

export function overview(facts: Facts, app: number, mine: number[], several: boolean, show: Show): HTMLElement {
  const { words, entries } = facts;
  const states = ["background", "mixed", "active", "inactive", "unknown"].filter((state) => state === "background" || mine.some((entry) => stateOf(facts, entry) === state));
  const columns = states.flatMap((state): Column[] => {
    const holds = (entry: number) => stateOf(facts, entry) === state;
    const all: Column = { title: t(`matrix.state.${state}` as Key), name: t(`matrix.state.${state}` as Key), choice: { state }, holds };
    if (state !== "background") return [all];
    return [all, { title: t("overview.night"), name: t("overview.state.night"), choice: { state, night: "yes" }, holds: (entry) => holds(entry) && entries.night[entry] === 1 }];
  });
  const depths = [...words.depths].reverse().filter((depth) => mine.some((entry) => words.depths[entries.depth[entry]] === depth));
  const cell = ({ name, choice, holds }: Column, depth: string | null) => {
    const n = mine.filter((entry) => holds(entry) && (depth === null || words.depths[entries.depth[entry]] === depth)).length;
    if (!n) return h("td", { class: "number zero" }, "0");
    const chosen = { ...choice, ...(depth === null ? {} : { depth }), ...(several ? { app: facts.apps[app].id } : {}) };
    const label = t("overview.cell", { n: number(n), count: n, depth: depth === null ? t("overview.sum") : word("depth", depth), state: name });
    return h("td", { class: "number" }, h("button", { type: "button", class: "count", "aria-label": label, click: () => show(chosen) }, number(n)));
  };
  return h(
    "table",
    { class: "matrix overview many", "data-app": facts.apps[app].id },
    h("caption", { class: "hidden" }, t("overview.title")),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("overview.depth")), ...columns.map(({ title }) => h("th", { scope: "col", class: "number" }, h("span", {}, title))))),
    h(
      "tbody",
      {},
      ...depths.map((depth) => h("tr", {}, h("th", { scope: "row" }, h("span", { class: `swatch depth-${depth}` }), focusable("depth", depth)), ...columns.map((column) => cell(column, depth)))),
      h("tr", { class: "sum" }, h("th", { scope: "row" }, t("overview.sum")), ...columns.map((column) => cell(column, null))),
    ),
  );
}
