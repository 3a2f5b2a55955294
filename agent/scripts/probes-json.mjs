// Print the catalogue as `lightleak probes --format json` shows it (contract, section 2). Argument: a folder to work in.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpile } from "./transpile.mjs";

const folder = transpile(join(process.argv[2], "js"));
const load = (name) => import(pathToFileURL(join(folder, "probes/catalogue", name)));
const { describe, probes } = await load("index.js");
const { exclusions } = await load("exclusions.js"); // no part of the agent: reasons take room in the app
console.log(JSON.stringify({ version: 1, probes: probes.map(describe), excluded: exclusions }, null, 1));
