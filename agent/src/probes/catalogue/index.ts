// The whole catalogue, in the order in which hooks are reported.
import { history } from "./history.js";
import { observing } from "./observing.js";
import { pickers } from "./pickers.js";
import { properties } from "./properties.js";
import { privates } from "./private.js";
import { queries } from "./queries.js";
import { reads } from "./reads.js";
import { sharing } from "./sharing.js";
import type { Probe } from "./types.js";
import { uploads } from "./uploads.js";
import { wakes } from "./wakes.js";
import { writes } from "./writes.js";

export type { Decode, Exclusion, Handle, Handler, Probe } from "./types.js";

export const probes: readonly Probe[] = [...observing, ...queries, ...reads, ...history, ...writes, ...uploads, ...pickers, ...sharing, ...properties, ...privates, ...wakes];

/** One probe as `lightleak probes --format json` shows it (contract, section 2). */
export function describe(probe: Probe): Record<string, unknown> {
  return {
    probe: probe.probe,
    symbol: probe.symbol,
    depth: probe.depth,
    required: probe.required,
    ios_since: probe.since,
    ios_deprecated: probe.deprecated,
  };
}
