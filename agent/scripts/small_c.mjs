// Make the agent's C small: no comments, no space that no compiler needs, short names for what is ours. Pure.
//
// C is text in the agent, which the bundler leaves as it is. One name has one short name in all texts, because texts are joined
// to modules and share structures. These keep their names: what the script looks up or links to (functions that are not static,
// and what is extern), what headers declare, what is in capitals (the script makes such names too), and what only some
// platforms compile, because no build on another platform would notice a mistake there.

/** What a header declares, or the language. Everything else that is not in capitals is ours. */
const HEADERS = /^(?:g_|gum_|Gum|G[A-Z]|__)|^g(?:pointer|boolean|char|double|s?size|u?int(?:8|16|32|64)?)$/;
const KEPT = new Set(
  `auto break case char const continue default do double else enum extern float for goto if inline int long register return short signed
  sizeof static struct switch typedef union unsigned void volatile while defined define include ifdef ifndef elif endif undef pragma once error
  memcpy memset memcmp memmove strlen strcmp strncmp finalize init cpu_context pc sp fp lr x q v rip rsp rbp rbx rax rdi rsi main`.split(/\s+/),
);
const TOKEN = /(?:\u0001\d+\u0001|[A-Za-z_])(?:\w|\u0001\d+\u0001)*|\d[\w.]*(?:\u0001\d+\u0001)*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[<>]{2}=|\.\.\.|->|\+\+|--|&&|\|\||##|[-+*/%&|^<>=!]=|<<|>>|\S/g;
const OPERATORS = new Set(["++", "--", "&&", "||", "<<", ">>", "<=", ">=", "==", "!=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "->", "##", "//", "/*", "..", "::"]);
const WORD = /^[\w\u0001]/;
const WORD_END = /[\w\u0001]$/;
const NAME = /^[A-Za-z_]\w*$/;

export const tokensOf = (code) => code.match(TOKEN) ?? [];

/** Take comments and continued lines out of a text; `\u0001n\u0001` is the script's value n in it. */
const plain = (text) =>
  text.replace(/"(?:[^"\\]|\\.)*"|\/\*[^]*?\*\//g, (found) => (found[0] === '"' ? found : " ")).replace(/\\\n/g, " ");

/** Join tokens with the spaces that keep them apart. */
function joined(tokens) {
  let text = "";
  for (const token of tokens) {
    const apart = WORD_END.test(text) ? WORD.test(token) : OPERATORS.has(text.at(-1) + token[0]);
    text += text !== "" && apart ? ` ${token}` : token;
  }
  return text;
}

function directive(line, rename) {
  const macro = /^#\s*define\s+(\w+)(\([^)]*\))?(.*)$/.exec(line);
  if (macro === null) return line.replace(/^#\s+/, "#");
  const [, name, parameters = "", body] = macro;
  const small = (code) => joined(tokensOf(code).map(line.includes("##") ? rename.name : rename.word));
  return `#define ${rename.name(name)}${small(parameters)} ${small(body)}`.trimEnd();
}

/**
 * Return a text with names renamed and without what no compiler needs. Lines remain where the preprocessor needs them.
 * `rename.name` knows short names, `rename.word` macros too.
 */
export function smallText(text, rename) {
  const lines = plain(text).split("\n").map((line) => line.trim());
  const parts = [];
  let code = [];
  const flush = () => {
    if (code.length !== 0) parts.push(joined(code));
    code = [];
  };
  for (const line of lines) {
    if (line.startsWith("#")) {
      flush();
      parts.push(directive(line, rename));
    } else if (/^\u0001\d+\u0001/.test(line)) {
      flush(); // a text of its own, maybe with lines of the preprocessor
      parts.push(joined(tokensOf(line).map(rename.word)));
    } else code.push(...tokensOf(line).map(rename.word));
  }
  flush();
  return (text.startsWith("\n") ? "\n" : "") + parts.join("\n") + (text.endsWith("\n") && parts.length !== 0 ? "\n" : "");
}

/** Return the names that others than our C may know: of functions that are not static, and of what is extern. */
function visible(text) {
  const names = new Set();
  let depth = 0;
  let statement = [];
  const end = () => {
    const own = ["static", "typedef", "enum", "struct"].includes(statement[0]);
    if (!own) statement.filter((token) => NAME.test(token)).forEach((name) => names.add(name));
    statement = [];
  };
  let rounds = 0;
  const tokens = tokensOf(plain(text).replace(/^\s*#.*$/gm, ""));
  for (const [i, token] of tokens.entries()) {
    // A macro outside of functions makes a function, named after what it is given.
    if (depth === 0 && rounds === 0 && token === "(" && /^[A-Z]\w*$/.test(tokens[i - 1])) names.add(tokens[i + 1]);
    if (depth === 0 && token === "(") rounds++;
    if (depth === 0 && rounds === 0 && token !== "{" && token !== ";") statement.push(token);
    if (depth === 0 && token === ")") rounds--;
    if (token === "{" && depth++ === 0) end();
    if (token === "}") depth--;
    if (token === ";" && depth === 0) end();
  }
  return names;
}

/** Return the names that a text has outside of what only some platforms compile; pasted names never. */
function everywhere(text) {
  const names = new Map();
  let conditions = 0;
  for (const line of plain(text).split("\n")) {
    if (/^\s*#\s*if/.test(line)) conditions++;
    else if (/^\s*#\s*endif/.test(line)) conditions--;
    else if (/^\s*#\s*(include|el|undef)/.test(line)) continue;
    else {
      const tokens = tokensOf(line.replace(/^\s*#\s*define/, ""));
      tokens.forEach((token, i) => {
        const platform = conditions > 0 || tokens[i + 1] === "##" || tokens[i - 1] === "##";
        if (NAME.test(token)) names.set(token, [(names.get(token)?.[0] ?? 0) + 1, platform || (names.get(token)?.[1] ?? false)]);
      });
    }
  }
  return names;
}

const LETTERS = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHJKLMNOPQRSTUVWXYZ"];
const DEFINE = "#define _a \\n".length;

/** Return how often each word is used in a place where a macro is replaced. */
function wordsIn(smallTexts) {
  const uses = new Map();
  for (const text of smallTexts) {
    for (const line of text.split("\n")) {
      if (/^#(?!define)/.test(line) || line.includes("##")) continue;
      for (const token of tokensOf(line.replace(/^#define \w+(\([^)]*\))?/, ""))) if (NAME.test(token)) uses.set(token, (uses.get(token) ?? 0) + 1);
    }
  }
  uses.delete("defined");
  return uses;
}

/** Return the names of all texts that are ours, the most frequent first, and those that are not. `script`: names that the script has as texts. */
function ownNames(texts, script) {
  const uses = new Map();
  const fixed = new Set([...KEPT, ...script]);
  for (const text of texts) {
    visible(text).forEach((name) => fixed.add(name));
    for (const [name, [count, platform]] of everywhere(text)) {
      uses.set(name, (uses.get(name) ?? 0) + count);
      if (platform) fixed.add(name);
    }
  }
  const ours = ([name]) => !fixed.has(name) && !HEADERS.test(name) && /[a-z]/.test(name);
  const own = [...uses].filter(ours).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return { own, taken: new Set([...fixed, ...uses.keys()].filter((name) => !ours([name]))) };
}

/**
 * Return `{ names, macros }`: a short name for each name that is ours in all texts, and a macro for each other word that is frequent:
 * what a header declares, the script links to, or the language has. The preprocessor reads macros before everything, so that the
 * words are what they were when C is compiled. The most frequent of both have one letter. `script`: names that the script has as texts.
 */
export function shortWordsOf(texts, script) {
  const same = (token) => token;
  const { own, taken } = ownNames(texts, script);
  const ours = new Set(own.map(([name]) => name));
  const words = [...wordsIn(texts.map((text) => smallText(text, { name: same, word: same })))].filter(([word]) => !ours.has(word) && word.length > 1);
  const gain = ([word, count], size) => count * (word.length - size) - DEFINE - word.length;
  const order = (size) => (a, b) => gain(b, size) - gain(a, size) || (a[0] < b[0] ? -1 : 1);
  const letters = LETTERS.filter((letter) => !taken.has(letter));
  const names = new Map();
  const macros = new Map();
  // A letter saves one of its uses each.
  for (const [word, count, short] of [...own, ...words.map(([name, n]) => [name, n, macros])].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))) {
    if (letters.length === 0) break;
    if (short !== macros) names.set(word, letters.shift());
    else if (gain([word, count], 1) > 0) macros.set(word, letters.shift());
  }
  const free = pairs();
  const pair = () => {
    for (;;) {
      const { value } = free.next();
      if (!taken.has(value)) return value;
    }
  };
  for (const [word] of words.filter((one) => !macros.has(one[0]) && gain(one, 2) > 0).sort(order(2))) macros.set(word, pair());
  for (const [name] of own) if (!names.has(name)) names.set(name, pair());
  return { names, macros };
}

function* pairs() {
  for (const one of [...LETTERS, "_"]) for (const other of [...LETTERS, ..."0123456789"]) yield one + other;
}
