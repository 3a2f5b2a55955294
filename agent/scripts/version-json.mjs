// Print what the built agent is: `lightleak --version` tells it without loading the agent anywhere. Argument: a folder to work in.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpile } from "./transpile.mjs";

const folder = transpile(join(process.argv[2], "js"));
const { AGENT_VERSION, PROTOCOL_VERSION } = await import(pathToFileURL(join(folder, "protocol.js")));
console.log(JSON.stringify({ version: AGENT_VERSION, protocol: PROTOCOL_VERSION }));
