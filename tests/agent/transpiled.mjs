// The agent's pure modules as JavaScript: import("outbox") and the like.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpile } from "../../agent/scripts/transpile.mjs";

const folder = transpile(mkdtempSync(join(tmpdir(), "agent-js-")));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

export const module = (path) => import(pathToFileURL(join(folder, `${path}.js`)));
