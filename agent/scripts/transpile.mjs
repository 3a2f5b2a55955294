// Turn the agent's pure modules into plain JavaScript that Node can import: transpile(folder) -> path of the result.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { versionSource } from "./version.mjs";

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), "..", "src");
const OPTIONS = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 };

export function transpile(folder) {
  const write = (path, text) => {
    const target = join(folder, path.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, ts.transpileModule(text, { compilerOptions: OPTIONS }).outputText);
  };
  for (const path of readdirSync(SOURCE, { recursive: true })) {
    if (path.endsWith(".ts")) write(path, readFileSync(join(SOURCE, path), "utf8"));
  }
  write("version.ts", versionSource());
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  return folder;
}
