// Long lists are folded, on the screen and on paper. What is folded says how long it is.
import { h } from "./dom";
import { number } from "./format";
import { t } from "./text";

/** Up to so many rows are shown at once. */
const FEW = 12;

/** Return a list as it is, or folded if it has many rows. It is built when it is opened. */
export function folded(rows: number, build: () => HTMLElement): HTMLElement {
  if (rows <= FEW) return build();
  const fold: HTMLDetailsElement = h(
    "details",
    { class: "fold-list", toggle: () => fold.open && fold.childElementCount === 1 && fold.append(build()) },
    h("summary", {}, t("fold.rows", { n: number(rows) })),
  );
  return h("div", {}, fold, h("p", { class: "note paper" }, t("fold.paper", { n: number(rows) })));
}
