// The page in English. "one|other": the forms of a plural, chosen by {n} or `count`.
import { finding } from "./finding";
import { sections } from "./sections";
import { terms } from "./terms";

export const en = { ...finding, ...terms, ...sections };

export type Key = keyof typeof en;
