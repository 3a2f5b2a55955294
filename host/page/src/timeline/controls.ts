// The buttons above the timeline, and the legend of causes.
import type { Facts } from "../data";
import { h } from "../dom";
import { CAUSES, glyph } from "../glyphs";
import { t, word } from "../text";
import { LIFECYCLE } from "./origins";

/** As they are drawn in the row of launches and wake-ups. */
const SHAPES = { launch: "▶", wake: "◆", activation: "●" };

export type Moves = {
  zoom: (by: number) => void;
  /** Move by a share of the view; positive is later. */
  move: (by: number) => void;
  recording: () => void;
  everything: () => void;
};

export function controls(facts: Facts, moves: Moves): HTMLElement {
  return h(
    "div",
    { class: "controls" },
    button(t("timeline.in"), "+", () => moves.zoom(2)),
    button(t("timeline.out"), "−", () => moves.zoom(0.5)),
    button(t("timeline.left"), "←", () => moves.move(-0.25)),
    button(t("timeline.right"), "→", () => moves.move(0.25)),
    button(t("timeline.recording"), t("timeline.recording"), moves.recording),
    button(t("timeline.all"), t("timeline.all"), moves.everything),
    legend(facts),
  );
}

const button = (label: string, text: string, click: () => void) =>
  h("button", { type: "button", "aria-label": text === label ? null : label, title: label, click }, text);

function legend(facts: Facts): HTMLElement {
  const causes = CAUSES.filter((cause) => facts.apps.some((app) => app.summary.by_cause[cause]));
  return h(
    "ul",
    { class: "legend", "aria-label": t("timeline.legend") },
    ...causes.map((cause) => h("li", {}, glyph(cause), word("cause", cause))),
    ...LIFECYCLE.filter((kind) => facts.lanes.some(({ rows }) => rows[kind])).map((kind) => h("li", {}, h("span", { class: `shape trigger-${kind}`, "aria-hidden": "true" }, SHAPES[kind]), word("trigger", kind === "activation" ? "return" : kind))),
    h("li", {}, h("span", { class: "swatch unwatched" }), t("timeline.unwatched")),
  );
}
