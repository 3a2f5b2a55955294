// The comparator's statements in the page's language, their selectors set as code and never broken behind their first signs.
import { h } from "./dom";
import { language } from "./text";
import { briefEn, briefZh } from "./text/briefs";
import { said, sentence } from "./text/clauses";
import { assumptionsEn, clausesEn } from "./text/clauses_en";
import { assumptionsZh, clausesZh } from "./text/clauses_zh";
import type { AssumptionName, Brief, Clause, Notice } from "./text/clauses.gen";
import type { Text } from "./text/words";

const english = () => language() === "en";

/** Why an entry exists, in English: as the JSON output has it. */
export const whyInEnglish = (clauses: Clause[]): Text => sentence(clausesEn, clauses, "; ", ".");

export const why = (clauses: Clause[]): Text => (english() ? whyInEnglish(clauses) : sentence(clausesZh, clauses, "；", "。"));

export const brief = (one: Brief): string => (english() ? briefEn(one) : briefZh(one));

export const notice = (one: Notice): Text => said(english() ? clausesEn : clausesZh, one);

export const assumption = (name: AssumptionName): string => (english() ? assumptionsEn : assumptionsZh)[name];

/** A sentence as an element: names of more than a word apart from the words around them. */
export function element(text: Text): HTMLElement {
  return h("bdi", { class: "sentence", translate: "no" }, ...text.map((part) => (typeof part === "string" ? part : isSelector(part.name) ? selector(part.name) : part.name)));
}

const isSelector = (name: string) => (name.startsWith("-[") || name.startsWith("+[")) && name.endsWith("]");

const selector = (name: string) => h("span", { class: "selector" }, h("span", { class: "unbroken" }, name.slice(0, 4)), name.slice(4));
