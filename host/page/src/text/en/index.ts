// The page in English. "one|other": the forms of a plural, chosen by {n} or `count`.
import { finding } from "./finding";
import { glossary } from "./glossary";
import { reading } from "./reading";
import { sections } from "./sections";
import { terms } from "./terms";
import { triggers } from "./triggers";

export const en = { ...finding, ...terms, ...sections, ...triggers, ...reading, ...glossary };

export type Key = keyof typeof en;
