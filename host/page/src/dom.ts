// Elements are built without parsing markup, so text from a trace is never interpreted as HTML.

export type Child = Node | string | number | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  append(element, ...children);
  return element;
}

export function append(parent: Element, ...children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(typeof child === "number" ? String(child) : child);
  }
}

/** Return a name from a trace or a report, isolated from the direction of the text around it. */
export const foreign = (text: string, kind = "name") => h("bdi", { class: kind, translate: "no" }, text);

/** Return an app's identifier, which may break after its dots. */
export function appName(id: string): HTMLElement {
  const parts = id.split(/(?<=\.)/);
  return h("bdi", { class: "name app", translate: "no" }, ...parts.flatMap((part, at) => (at ? [h("wbr"), part] : [part])));
}

export const code = (text: string) => h("bdi", { class: "code", translate: "no" }, text);

export function section(id: string, title: string, ...children: Child[]): HTMLElement {
  return h("section", { id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title` }, title), ...children);
}

export type Cell = Child | { text: Child; kind?: string };

/** Return a table; the columns in `numbers` are aligned right. */
export function table(caption: string, heads: string[], rows: Cell[][], numbers: number[] = []): HTMLElement {
  const kind = (at: number) => (numbers.includes(at) ? "number" : null);
  return h(
    "div",
    { class: "scroller", tabindex: 0, role: "group", "aria-label": caption },
    h(
      "table",
      {},
      h("caption", { class: "hidden" }, caption),
      h("thead", {}, h("tr", {}, ...heads.map((head, at) => h("th", { scope: "col", class: kind(at) }, head)))),
      h(
        "tbody",
        {},
        ...rows.map((row) => h("tr", {}, ...row.map((cell, at) => h("td", { class: kind(at) }, cell as Child)))),
      ),
    ),
  );
}

/** Return whether the screen is a phone's. As in the style sheet. */
export const isNarrow = () => matchMedia("screen and (max-width: 760px)").matches;
