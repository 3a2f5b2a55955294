// Print the catalogue for the host: what `lightleak probes --format json` shows (contract, section 2), and `internal`, which the
// comparator reads. Argument: a folder to work in.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpile } from "./transpile.mjs";

const folder = transpile(join(process.argv[2], "js"));
const load = (name) => import(pathToFileURL(join(folder, "probes/catalogue", name)));
const { describe, probes } = await load("index.js");
const { exclusions } = await load("exclusions.js"); // not in the agent: reasons take room in the app
const internal = probes.filter(({ handle }) => handle === "internal").map(({ probe }) => probe);
console.log(JSON.stringify({ version: 1, probes: probes.map(describe), excluded: exclusions, internal }, null, 1));
