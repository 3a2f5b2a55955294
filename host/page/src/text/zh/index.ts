// 简体中文。每一句话只说所见到的。
// 术语见 wordlist.ts。
import type { Key } from "../en";
import { finding } from "./finding";
import { glossary } from "./glossary";
import { reading } from "./reading";
import { sections } from "./sections";
import { terms } from "./terms";
import { triggers } from "./triggers";

export const zh: Record<Key, string> = { ...finding, ...terms, ...sections, ...triggers, ...reading, ...glossary };
