// The labels of the tracks. They are real text, so that screen readers and text search find them.
import type { Facts } from "../data";
import { h } from "../dom";
import { number } from "../format";
import { glyph } from "../glyphs";
import { t, word } from "../text";
import type { Layout, Row } from "./layout";
import { inWords, most, type Figure } from "./usage";

export function labels(facts: Facts, layout: Layout, toggle: (app: number) => void): HTMLElement[] {
  return layout.rows.map((row) => {
    const label = h("div", { class: `label ${row.kind}` }, ...content(facts, layout, row, toggle));
    label.style.top = `${row.top}px`;
    label.style.height = `${row.height}px`;
    return label;
  });
}

function content(facts: Facts, layout: Layout, row: Row, toggle: (app: number) => void): (Node | string)[] {
  const count = (n: number) => h("span", { class: "count" }, number(n));
  const id = facts.apps[row.app].id;
  switch (row.kind) {
    case "head":
    case "compact": {
      const open = layout.expanded.has(row.app);
      const label = t(open ? "timeline.collapse" : "timeline.expand", { app: id });
      const button = h(
        "button",
        { type: "button", class: "fold", "aria-expanded": String(open), "aria-label": label, title: id, click: () => toggle(row.app) },
        h("span", { "aria-hidden": "true" }, open ? "▾ " : "▸ "),
        divided(id),
      );
      return [button, count(row.entries?.length ?? 0)];
    }
    case "cause":
      return [glyph(row.name), word("cause", row.name), count(row.entries?.length ?? 0)];
    case "depth":
      return [h("span", { class: `swatch depth-${row.name}` }), word("row", row.name), count(row.track?.total ?? 0)];
    case "origin":
      return [h("span", { class: `swatch origin-${row.name}` }), word("row", row.name), originCount(facts, layout, row)];
    case "usage": {
      const figure = row.name as Figure;
      const largest = inWords(figure, most(facts.lanes[row.app].usage, figure));
      return [t(`usage.${figure}`), h("span", { class: "count" }, t("usage.most", { most: largest }))];
    }
    case "network":
      return [word("row", "network"), count(facts.lanes[row.app].network.length)];
    default:
      return [word("row", "state")];
  }
}

/** Return how many origins a row has. Where they were not watched, none means nothing, so no number is shown. */
function originCount(facts: Facts, layout: Layout, row: Row): HTMLElement {
  const total = layout.total(row);
  const { watched } = facts.apps[row.app];
  const blind = !total && ((row.name === "touch" && watched.inputs === "none") || (row.name === "lifecycle" && watched.wakes === "none") || (row.name === "notification" && watched.changes === "none"));
  return h("span", { class: "count" }, blind ? t("timeline.unwatched") : number(total));
}

/** Return an identifier whose last part, which distinguishes apps, is the last to be shortened. */
function divided(id: string): HTMLElement {
  const at = id.lastIndexOf(".", id.length - 2) + 1;
  return h("bdi", { class: "divided", translate: "no" }, h("span", { class: "first" }, id.slice(0, at)), h("span", { class: "last" }, id.slice(at)));
}
