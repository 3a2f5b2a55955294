// Turn the agent's pure modules into plain JavaScript that Node can import: transpile(folder) -> path of the result.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), "..", "src");
const OPTIONS = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 };

export function transpile(folder) {
  for (const path of readdirSync(SOURCE, { recursive: true })) {
    if (!path.endsWith(".ts")) continue;
    const target = join(folder, path.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, ts.transpileModule(readFileSync(join(SOURCE, path), "utf8"), { compilerOptions: OPTIONS }).outputText);
  }
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  return folder;
}
