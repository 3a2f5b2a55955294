// The C in the agent gets short names when it is built, and loses its spaces and comments, and none of its tokens.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shortWordsOf, smallText, tokensOf } from "../../agent/scripts/small_c.mjs";
import { shortWords, textOf, textsOfC, sourcesIn } from "../../agent/scripts/shrink.mjs";

const same = { name: (token) => token, word: (token) => token };
const short = (texts, script = []) => Object.fromEntries(shortWordsOf(texts, script).names);

for (const [text, small] of [
  ["static Thread * adopt (void) {", "static Thread*adopt(void){"],
  ["if (a - -b > c & &d / *p) return *q + +r;", "if(a- -b>c& &d/ *p)return*q+ +r;"],
  ['PUT ("a ( b ) /* , */ \\"c\\" "); /* gone */ x;', 'PUT("a ( b ) /* , */ \\"c\\" ");x;'],
  ["case ' ': x = (u8) '\\'' ;", "case' ':x=(u8)'\\'';"],
  ["guint i = \u00010\u0001; NAME_\u00011\u0001 (\u00012\u0001UL);", "guint i=\u00010\u0001;NAME_\u00011\u0001(\u00012\u0001UL);"],
  ["a;\n# define F(x) (x + 1)\n#define G (1)\nb;\nc;", "a;\n#define F(x) (x+1)\n#define G (1)\nb;c;"],
  ["#define TWO(x) one (x); \\\n  two (x)\nTWO (1)", "#define TWO(x) one(x);two(x)\nTWO(1)"],
  ["\n\u00010\u0001\nint x;\n", "\n\u00010\u0001\nint x;\n"],
]) {
  test(`it becomes ${JSON.stringify(small)}`, () => assert.equal(smallText(text, same), small));
}

test("names that others know are kept", () => {
  const c = `
extern guint64 foreign (gpointer parameter), another;
static gint inside (gpointer parameter) { return foreign (parameter); }
gint entry (gpointer parameter) { memcpy (&scripted_name, parameter, inside (parameter)); }
#if defined (HAVE_ARM64)
static gint platform;
#endif
LISTENER (listener, inside (parameter))
`;
  const names = short([c], ["scripted_name"]);
  assert.deepEqual(Object.keys(names).sort(), ["inside", "parameter"]);
});

test("no name is given twice, and none that is there already", () => {
  const names = short(["static int first_name (int second_name) { int a, b, c; return d (a) + first_name (second_name); }"], ["d"]);
  const values = Object.values(names);
  assert.deepEqual(Object.keys(names).sort(), ["a", "b", "c", "first_name", "second_name"]);
  assert.equal(new Set([...values, "d"]).size, values.length + 1);
});

test("no text of the agent loses a token", () => {
  const sources = sourcesIn();
  const { names, macros, rename } = shortWords(sources);
  const back = new Map([...names, ...macros].map(([word, other]) => [other, word]));
  assert.equal(back.size, names.size + macros.size);
  const long = (token) => back.get(token) ?? token;
  const code = (text) => tokensOf(text.replace(/^#include.*$/gm, "").replace(/"(?:[^"\\]|\\.)*"|\/\*[^]*?\*\//g, (found) => (found[0] === '"' ? found : " ")).replace(/\\\n/g, " "));
  let looked = 0;
  for (const [path, source] of sources) {
    for (const node of textsOfC(source, path)) {
      const text = textOf(node);
      assert.deepEqual(code(smallText(text, rename)).map(long), code(text), path);
      looked += text.length;
    }
  }
  assert.ok(looked > 50_000);
});
