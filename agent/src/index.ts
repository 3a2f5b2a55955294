// What the host can call. Everything else is reached from here.
import { Agent } from "./agent.js";
import { now } from "./clock.js";
import { describe } from "./identity.js";
import { frameOf } from "./images.js";
import { available } from "./objc/runtime.js";
import { pooled } from "./objc/values.js";
import type { Outbox } from "./outbox.js";
import { survey } from "./probes/install.js";
import type { Place, ProbeSet } from "./protocol.js";
import { Relay } from "./resident/relay.js";
import { withdrawResident } from "./resident/rendezvous.js";
import { Resident } from "./resident/resident.js";

const SYMBOLS_AT_ONCE = 32;

/** The reasons for which a script is disposed of when its process ends. Source: frida-core lib/payload/process.vala. */
const ENDS = new Set(["exit", "abort", "exec"]);

// A script plays one of three parts: the agent itself, the resident that stays, or a relay to the resident (ADR 0040).
let own: Agent | null = null;
let resident: Resident | null = null;
let relay: Relay | null = null;

const agent = (): Agent => (own ??= new Agent());
const inPool = <T>(work: () => T): T => (available ? pooled(work) : work());

function setOf(asked: { set?: unknown } | undefined): ProbeSet {
  const set = asked?.set ?? "app";
  if (set !== "app" && set !== "assetsd") throw new Error(`unknown set of probes: ${String(set)}`);
  return set;
}

const outbox = (): Outbox => agent().recording.outbox;

/** Call the resident where there is one, this script's own agent otherwise. */
function by<T>(forResident: (relay: Relay) => T, forUs: () => T): T {
  return relay === null ? forUs() : forResident(relay);
}

rpc.exports = {
  describe: (asked?: { client?: string }) => {
    if (!agent().recording.running) relay ??= Relay.find();
    return by(
      (found) => found.describe(asked?.client ?? null),
      // Without Objective-C a resident cannot be found, and would have nothing to watch.
      () => ({ ...describe(agent().recording.agent, agent().recording.lane), resident: available && !agent().recording.running ? false : null }),
    );
  },
  reside: () => {
    resident ??= new Resident();
  },
  start: (options: unknown) => by<unknown>((to) => to.start(options), () => agent().start(options)),
  probe: (options?: { set?: unknown }) => inPool(() => survey(setOf(options))),
  acknowledge: (n: number, place?: Place) => by<unknown>((to) => to.acknowledge(n, place), () => outbox().acknowledge(n, place)),
  resend: (from: number) => by((to) => to.resend(from), () => outbox().resend(from)),
  collect: (left: string) => by<unknown>((to) => to.collect(left), () => null),
  discard: (left: string) => by<unknown>((to) => to.call("discard", left), () => null),
  clock: () => now(),
  flush: () => by((to) => to.flush(), () => outbox().flush()),
  stop: () => by((to) => to.stop(), () => agent().stop()),
  symbolicate,
  dispose: (reason?: string) => {
    if (resident !== null) return ENDS.has(reason ?? "") ? undefined : withdrawResident();
    if (relay !== null) return relay.dispose(ENDS.has(reason ?? ""));
    if (own === null) return;
    own.stop();
    own.recording.outbox.beat(true);
  },
};

/** Look symbols up in slices: a hook that waits for this script must not wait for a thousand of them. */
async function symbolicate(addresses: string[]): Promise<Record<string, unknown>[]> {
  const named: Record<string, unknown>[] = [];
  for (let at = 0; at < addresses.length; at += SYMBOLS_AT_ONCE) {
    if (at > 0) await new Promise((resolve) => setTimeout(resolve, 0));
    for (const address of addresses.slice(at, at + SYMBOLS_AT_ONCE)) {
      const { name } = DebugSymbol.fromAddress(ptr(address));
      named.push({ image: null, uuid: null, offset: null, ...frameOf(ptr(address)), address, symbol: name });
    }
  }
  return named;
}
