// The version of lightleak, whose one home is host/lightleak/_version.py: run as a script, this writes it into src/version.ts.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const AGENT = join(dirname(fileURLToPath(import.meta.url)), "..");
const HOME = join(AGENT, "..", "host", "lightleak", "_version.py");

/** The source of src/version.ts. */
export function versionSource() {
  const found = /^__version__ = "([^"]+)"$/m.exec(readFileSync(HOME, "utf8"));
  if (found === null) throw new Error(`${HOME} has no line __version__ = "..."`);
  return `// Written by scripts/version.mjs from host/lightleak/_version.py.\nexport const AGENT_VERSION: string = "${found[1]}";\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(AGENT, "src", "version.ts");
  const source = versionSource();
  // A file that is only touched would make every build look old.
  if (!existsSync(path) || readFileSync(path, "utf8") !== source) writeFileSync(path, source);
}
