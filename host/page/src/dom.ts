// Elements without markup: text from a trace is only ever text.

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
  put(element, ...children);
  return element;
}

export function put(parent: Element, ...children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(typeof child === "number" ? String(child) : child);
  }
}

/** A name from elsewhere, kept apart from the text around it. */
export const foreign = (text: string, kind = "name") => h("bdi", { class: kind, translate: "no" }, text);

/** An app's identifier, which breaks after its dots first. */
export function appName(id: string): HTMLElement {
  const parts = id.split(/(?<=\.)/);
  return h("bdi", { class: "name app", translate: "no" }, ...parts.flatMap((part, at) => (at ? [h("wbr"), part] : [part])));
}

export const code = (text: string) => h("bdi", { class: "code", translate: "no" }, text);

export function section(id: string, title: string, ...children: Child[]): HTMLElement {
  return h("section", { id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title` }, title), ...children);
}

export type Cell = Child | { text: Child; kind?: string };

/** A plain table; `numbers` are the columns that are set flush right. */
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
