// The words of the page, each one tap from its definition. The definitions are in text/*/glossary.ts, and in one list at the end of the page.
import { h, section } from "./dom";
import { t, word, type Key } from "./text";
import { en } from "./text/en";

const DEFINED = (Object.keys(en) as Key[]).filter((key) => key.startsWith("define."));

/** Return a word of the data; where it is defined, a tap or a click on it shows the definition. */
export function term(kind: string, value: string): HTMLElement {
  return defined(word(kind, value), `${kind}.${value}`, -1);
}

/** The same, and reached with the Tab key: for places where a word is there once. */
export function focusable(kind: string, value: string): HTMLElement {
  return defined(word(kind, value), `${kind}.${value}`, 0);
}

/** Return a text that shows the definition of a word of the page, such as "match". */
export const explained = (text: string, name: string) => defined(text, name, 0);

function defined(text: string, name: string, tabindex: number): HTMLElement {
  if (!DEFINED.includes(keyOf(name))) return h("span", {}, text);
  return h("button", { type: "button", class: "term", "data-term": name, tabindex, "aria-haspopup": "dialog", click: (event) => open(event, name, text) }, text);
}

const keyOf = (name: string) => `define.${name}` as Key;

/** The definition that is shown; there is one for the whole page. */
const popover = h("div", { class: "definition", popover: "auto", role: "dialog", tabindex: -1, toggle: (event) => closed(event as ToggleEvent) });
let opener: HTMLElement | null = null;

/** Back to the word from which the reader came. */
function closed({ newState }: ToggleEvent): void {
  if (newState === "closed" && document.activeElement === document.body && opener?.isConnected) opener.focus({ preventScroll: true });
}

function open(event: Event, name: string, text: string): void {
  // A row opens its entry, but not for a tap on one of its words.
  event.stopPropagation();
  const button = event.currentTarget as HTMLElement;
  const close = h("button", { type: "button", class: "close", click: () => popover.hidePopover() }, t("glossary.close"));
  popover.replaceChildren(h("strong", {}, text), h("p", {}, t(keyOf(name))), close);
  popover.setAttribute("aria-label", text);
  if (!popover.isConnected) document.body.append(popover);
  if (typeof popover.showPopover !== "function") return void document.getElementById(anchor(name))?.scrollIntoView({ block: "center" });
  popover.showPopover();
  const box = button.getBoundingClientRect();
  const left = Math.max(8, Math.min(box.left, innerWidth - popover.offsetWidth - 8));
  const below = box.bottom + 6;
  const top = below + popover.offsetHeight > innerHeight ? Math.max(8, box.top - popover.offsetHeight - 6) : below;
  popover.style.left = `${left}px`;
  popover.style.top = `${top}px`;
  popover.focus({ preventScroll: true });
  opener = button;
}

const anchor = (name: string) => `term-${name.replace(".", "-")}`;

/** The same definitions as a list, for paper and for reading at once. */
export function glossary(): HTMLElement {
  const rows = DEFINED.map((key) => {
    const name = key.slice("define.".length);
    const [kind, value] = name.split(".");
    const kindWord = value === undefined ? null : h("span", { class: "info" }, ` ${t(`glossary.${kind}` as Key)}`);
    return h("div", { id: anchor(name) }, h("dt", {}, value === undefined ? t(`glossary.word.${kind}` as Key) : word(kind, value), kindWord), h("dd", {}, t(key)));
  });
  return section("glossary", t("glossary.title"), h("p", {}, t("glossary.intro")), h("dl", { class: "terms" }, ...rows));
}
