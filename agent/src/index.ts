// What the host can call. Everything else is behind it.
import { Agent } from "./agent.js";
import { siteOf } from "./callers.js";
import { now } from "./clock.js";
import { describe } from "./identity.js";
import { available } from "./objc/runtime.js";
import { pooled } from "./objc/values.js";
import type { ProbeSet } from "./protocol.js";
import { survey } from "./probes/install.js";

const agent = new Agent();

const inPool = <T>(work: () => T): T => (available ? pooled(work) : work());

function setOf(asked: { set?: unknown } | undefined): ProbeSet {
  const set = asked?.set ?? "app";
  if (set !== "app" && set !== "assetsd") throw new Error(`there is no set of probes called ${String(set)}`);
  return set;
}

rpc.exports = {
  describe: () => describe(),
  start: (options: unknown) => agent.start(options),
  probe: (options?: { set?: unknown }) => inPool(() => survey(setOf(options))),
  acknowledge: (n: number) => agent.session.outbox.acknowledge(n),
  resend: (from: number) => agent.session.outbox.resend(from),
  clock: () => now(),
  flush: () => agent.session.outbox.flush(),
  stop: () => agent.stop(),
  symbolicate: (addresses: string[]) => addresses.map(symbolicate),
  dispose: () => {
    agent.stop();
    agent.session.outbox.beat(true);
  },
};

function symbolicate(address: string): Record<string, unknown> {
  const symbol = DebugSymbol.fromAddress(ptr(address));
  const { caller } = siteOf(ptr(address));
  return { address, image: caller?.image ?? null, uuid: null, offset: caller?.offset ?? null, symbol: symbol.name };
}
