// What a person may write about each app, and what not, ready to be copied.
import type { Facts } from "./data";
import { foreign, h, section } from "./dom";
import { element, quote as inWords } from "./sentence";
import { t, type Key } from "./text";
import type { Quote } from "./text/clauses.gen";
import { plain } from "./text/words";

/** Of more apps, the reader selects one. */
const ALL_SHOWN = 3;

export function quotes(facts: Facts): HTMLElement | null {
  const listed = [...facts.apps.keys()].filter((app) => facts.apps[app].summary.entries);
  const some = listed.length ? listed : [...facts.apps.keys()];
  if (!some.length) return null;
  const several = some.length > 1;
  const content = some.length <= ALL_SHOWN ? some.map((app) => ofApp(facts, app, several)) : [selected(facts, some)];
  return section("write", t("write.title"), h("p", { class: "note" }, t("write.intro")), ...content);
}

function selected(facts: Facts, apps: number[]): HTMLElement {
  const place = h("div", {}, ofApp(facts, apps[0], true));
  const options = apps.map((app) => h("option", { value: app }, facts.apps[app].id));
  const list = h("select", { id: "write-app", change: (event) => place.replaceChildren(ofApp(facts, Number((event.target as HTMLSelectElement).value), true)) }, ...options);
  return h("div", {}, h("div", { class: "field" }, h("label", { for: "write-app" }, t("entry.app")), list), place);
}

function ofApp(facts: Facts, app: number, several: boolean): HTMLElement {
  const { id, quotes } = facts.apps[app];
  return h("div", { class: "quotes", "data-app": id }, several ? h("h3", {}, foreign(id)) : null, h("div", { class: "boxes" }, box(facts, id, "may", quotes.may, several), box(facts, id, "may_not", quotes.may_not, several)));
}

function box(facts: Facts, app: string, kind: "may" | "may_not", all: Quote[], several: boolean): HTMLElement {
  const texts = all.map(inWords);
  const title = t(`write.${kind}`);
  const button = h("button", { type: "button", class: "copy", "aria-label": t(`write.copy_${kind}` as Key, { app }) }, t("write.copy"));
  button.addEventListener("click", async () => {
    await copy([title, ...texts.map((text) => `• ${plain(text)}`), t("write.source", { tool: facts.tool })].join("\n"));
    button.textContent = t("write.copied");
  });
  const heading = h(several ? "h4" : "h3", {}, title);
  return h("div", { class: `box ${kind}` }, h("div", { class: "box-head" }, heading, button), h("ul", {}, ...texts.map((text) => h("li", {}, element(text)))));
}

/** Copy a text. Some browsers give a file no clipboard; a selected text can be copied in all. */
async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "hidden", readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
