// The comparator's statements in the page's language. Selectors are set as code, and no line breaks within their first four characters.
import { h } from "./dom";
import { language } from "./text";
import { briefEn, briefZh } from "./text/briefs";
import { sentence, statementText } from "./text/clauses";
import { assumptionsEn, clausesEn } from "./text/en/clauses";
import { quotesEn } from "./text/en/quotes";
import { quoteText } from "./text/quotes";
import { assumptionsZh, clausesZh } from "./text/zh/clauses";
import { quotesZh } from "./text/zh/quotes";
import type { AssumptionName, Brief, Clause, Notice, Quote } from "./text/clauses.gen";
import type { Text } from "./text/words";

const english = () => language() === "en";

/** Return why an entry exists, in English as in the JSON output. */
export const whyInEnglish = (clauses: Clause[]): Text => sentence(clausesEn, clauses, "; ", ".");

export const why = (clauses: Clause[]): Text => (english() ? whyInEnglish(clauses) : sentence(clausesZh, clauses, "；", "。"));

export const brief = (one: Brief): string => (english() ? briefEn(one) : briefZh(one));

export const notice = (one: Notice): Text => statementText(english() ? clausesEn : clausesZh, one);

export const quote = (one: Quote): Text => quoteText(english() ? quotesEn : quotesZh, one);

export const assumption = (name: AssumptionName): string => (english() ? assumptionsEn : assumptionsZh)[name];

/** Return a sentence as an element, with its selectors set as code. */
export function element(text: Text): HTMLElement {
  return h("bdi", { class: "sentence", translate: "no" }, ...text.map((part) => (typeof part === "string" ? part : isSelector(part.name) ? selector(part.name) : part.name)));
}

const isSelector = (name: string) => (name.startsWith("-[") || name.startsWith("+[")) && name.endsWith("]");

const selector = (name: string) => h("span", { class: "selector" }, h("span", { class: "unbroken" }, name.slice(0, 4)), name.slice(4));
