// Print what the built agent is, for `lightleak --version`, which loads no agent. Argument: a folder to work in.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpile } from "./transpile.mjs";

const folder = transpile(join(process.argv[2], "js"));
const load = (name) => import(pathToFileURL(join(folder, name)));
const { PROTOCOL_VERSION } = await load("protocol.js");
const { AGENT_VERSION } = await load("version.js");
console.log(JSON.stringify({ version: AGENT_VERSION, protocol: PROTOCOL_VERSION }));
