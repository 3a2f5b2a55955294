// The comparator's sentence, its selectors set as code and never broken behind their first sign.
import { h } from "./dom";
import { language } from "./text";
import { whyInChinese } from "./text/why_zh";

const SELECTOR = /([-+]\[[^[\]]{1,400}\])/;

/** A sentence of the comparator as it stands. */
export function sentence(text: string): HTMLElement {
  const parts = text.split(SELECTOR).map((part, at) => (at % 2 ? selector(part) : part));
  return h("bdi", { class: "sentence", translate: "no" }, ...parts);
}

/** The same in the page's language. */
export const told = (text: string) => sentence(language() === "en" ? text : whyInChinese(text).text);

function selector(text: string): HTMLElement {
  const [, head, rest] = /^([-+]\[\w.]{0,40})(.*)$/s.exec(text) ?? ["", "", text];
  return h("span", { class: "selector" }, h("span", { class: "unbroken" }, head), rest);
}
