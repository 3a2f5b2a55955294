// The names beside the tracks: real text, so that every reader has them.
import type { Facts } from "../data";
import { h } from "../dom";
import { number } from "../format";
import { glyph } from "../glyphs";
import { t, word } from "../text";
import type { Layout, Row } from "./layout";

export function labels(facts: Facts, layout: Layout, toggle: (lane: number) => void): HTMLElement[] {
  return layout.rows.map((row) => {
    const label = h("div", { class: `label ${row.kind}` }, ...content(facts, layout, row, toggle));
    label.style.top = `${row.top}px`;
    label.style.height = `${row.height}px`;
    return label;
  });
}

function content(facts: Facts, layout: Layout, row: Row, toggle: (lane: number) => void): (Node | string)[] {
  const count = (n: number) => h("span", { class: "count" }, number(n));
  const app = facts.apps[row.lane].id;
  switch (row.kind) {
    case "head":
    case "compact": {
      const open = layout.expanded.has(row.lane);
      const label = t(open ? "timeline.collapse" : "timeline.expand", { app });
      const button = h(
        "button",
        { type: "button", class: "fold", "aria-expanded": String(open), "aria-label": label, title: app, click: () => toggle(row.lane) },
        h("span", { "aria-hidden": "true" }, open ? "▾ " : "▸ "),
        divided(app),
      );
      return [button, count(row.entries?.length ?? 0)];
    }
    case "cause":
      return [glyph(row.name), word("cause", row.name), count(row.entries?.length ?? 0)];
    case "depth":
      return [h("span", { class: `swatch depth-${row.name}` }), word("row", row.name), count(row.track?.total ?? 0)];
    case "network":
      return [word("row", "network"), count(facts.lanes[row.lane].network.length)];
    default:
      return [word("row", "state")];
  }
}

/** An identifier of which the last part, that tells apps apart, gives way last. */
function divided(app: string): HTMLElement {
  const at = app.lastIndexOf(".", app.length - 2) + 1;
  return h("bdi", { class: "divided", translate: "no" }, h("span", { class: "first" }, app.slice(0, at)), h("span", { class: "last" }, app.slice(at)));
}
